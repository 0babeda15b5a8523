// Shows that the floors hold: with the project's own compiler settings, an import that goes up or sideways, or a name
// that a floor may not know, does not compile; and ESLint refuses `vscode` below the client. What is planted lies in build/.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureDependencies, root } from './ensure.mjs';

const floors = { base: 0, core: 1, protocol: 2, languageService: 2, engine: 2, server: 3, cli: 3, client: 3 };
/** Names of Node and of the browser that these folders must not know. */
const pure = { core: ['process.pid', 'document.title'], protocol: ['process.pid', 'document.title'], languageService: ['process.pid', 'document.title'] };
const copy = path.join(root, 'build/layers');
const folders = Object.keys(floors);

await ensureDependencies();
const problems = [...foldersWithoutFloor(), ...plantInCompiler(), ...findVscodeBelowClient(), ...plantInLint()];
for (const problem of problems) console.error(problem);
if (problems.length === 0) console.log('The floors hold.');
process.exitCode = problems.length === 0 ? 0 : 1;

function foldersWithoutFloor() {
  return readdirSync(path.join(root, 'src')).filter((name) => !folders.includes(name)).map((name) => `src/${name} has no floor: name it in scripts/layers.mjs.`);
}

/** A skeleton of the project under its real settings: first with the imports that are allowed, then with the others. */
function plantInCompiler() {
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  cpSync(path.join(root, 'tsconfig.base.json'), path.join(copy, 'tsconfig.base.json'));
  for (const folder of folders) {
    mkdirSync(path.join(copy, 'src', folder), { recursive: true });
    cpSync(path.join(root, 'src', folder, 'tsconfig.json'), path.join(copy, 'src', folder, 'tsconfig.json'));
    plant(folder, 'face.ts', `export const ${folder} = 1;\n`);
    for (const lower of folders.filter((other) => floors[other] < floors[folder])) {
      // A folder need not use every lower floor; what it does refer to must compile.
      if (refersTo(folder, lower)) plant(folder, `down_${lower}.ts`, importOf(lower));
    }
  }
  writeFileSync(path.join(copy, 'tsconfig.json'), JSON.stringify({ files: [], references: folders.map((folder) => ({ path: `src/${folder}` })) }));
  const allowed = compile();
  if (allowed !== '') return [`Imports of lower floors should compile:\n${allowed}`];

  const planted = [];
  for (const folder of folders) {
    for (const other of folders.filter((name) => name !== folder && floors[name] >= floors[folder])) planted.push(plant(folder, `wrong_${other}.ts`, importOf(other)));
    for (const [index, expression] of (pure[folder] ?? []).entries()) planted.push(plant(folder, `ambient_${index}.ts`, `export const value: unknown = ${expression};\n`));
  }
  const said = compile();
  return planted.filter((file) => !said.includes(`${file}(`)).map((file) => `This should not compile, but does: ${file}: ${readFileSync(path.join(copy, file), 'utf8').trim()}`);
}

function refersTo(folder, lower) {
  return readFileSync(path.join(root, 'src', folder, 'tsconfig.json'), 'utf8').includes(`"../${lower}"`);
}

function plant(folder, name, text) {
  const file = `src/${folder}/${name}`;
  writeFileSync(path.join(copy, file), text);
  return file;
}

function importOf(folder) {
  return `import { ${folder} } from '../${folder}/face';\nexport const used = ${folder};\n`;
}

function compile() {
  const { stdout, error } = spawnSync(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '-b', '--pretty', 'false'], { cwd: copy, encoding: 'utf8' });
  if (error) throw error;
  return stdout;
}

function findVscodeBelowClient() {
  return folders
    .filter((folder) => folder !== 'client')
    .flatMap((folder) => sources(path.join(root, 'src', folder)))
    .filter((file) => /\b(?:from|import|require)\s*\(?\s*['"]vscode['"]/.test(readFileSync(file, 'utf8')))
    .map((file) => `${path.relative(root, file)} imports vscode; only src/client may.`);
}

function plantInLint() {
  const source = sources(path.join(root, 'src/server'))[0] ?? '';
  const { stdout } = spawnSync(process.execPath, [path.join(root, 'node_modules/eslint/bin/eslint.js'), '--stdin', '--stdin-filename', source, '--format', 'json'], {
    cwd: root,
    encoding: 'utf8',
    input: "import { window } from 'vscode';\nwindow.activeTextEditor?.hide();\n",
  });
  return stdout.includes('no-restricted-imports') ? [] : ['ESLint should refuse an import of vscode in src/server.'];
}

function sources(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}
