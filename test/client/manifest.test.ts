import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commandId } from '../../src/protocol/commands';
import { badgeParts, defaultSettings, teacherSchema, tokenizers } from '../../src/protocol/settings';

const root = fileURLToPath(new URL('../../', import.meta.url));

const property = z.looseObject({ default: z.unknown(), enum: z.array(z.string()).optional(), enumDescriptions: z.array(z.string()).optional(), items: z.unknown().optional() });
const menuEntry = z.object({ command: z.string().optional(), when: z.string().optional() });
const manifestSchema = z.object({
  icon: z.string(),
  activationEvents: z.array(z.string()),
  capabilities: z.object({ untrustedWorkspaces: z.object({ supported: z.string(), description: z.string(), restrictedConfigurations: z.array(z.string()) }) }),
  contributes: z.object({
    languages: z.undefined().optional(),
    commands: z.array(z.object({ command: z.string(), title: z.string(), category: z.string() })),
    menus: z.record(z.string(), z.array(menuEntry)),
    keybindings: z.array(z.object({ command: z.string(), key: z.string(), when: z.string() })),
    configuration: z.array(z.object({ title: z.string(), properties: z.record(z.string(), property) })),
    walkthroughs: z.array(z.object({ steps: z.array(z.object({ media: z.object({ markdown: z.string() }), description: z.string(), completionEvents: z.array(z.string()) })) })),
  }),
});

const manifestText = readFileSync(path.join(root, 'package.json'), 'utf8');
const manifest = manifestSchema.parse(JSON.parse(manifestText));
const strings = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(path.join(root, 'package.nls.json'), 'utf8')));
const { commands, menus, keybindings, configuration, walkthroughs } = manifest.contributes;
const declared = commands.map(({ command }) => command).sort();
const properties = Object.fromEntries(configuration.flatMap((section) => Object.entries(section.properties)));

describe('commands', () => {
  it('are the ones that the source registers', () => {
    expect(registeredCommands()).toEqual(declared);
  });

  it('all belong to Cupel', () => {
    expect(commands.map(({ category }) => strings[stringKey(category)])).toEqual(declared.map(() => 'Cupel'));
  });

  it('each stand in the palette under a condition', () => {
    const palette = menus.commandPalette ?? [];
    expect(palette.map(({ command }) => command).sort()).toEqual(declared);
    expect(palette.filter(({ when }) => !when)).toEqual([]);
  });

  it('that the server may call are declared', () => {
    expect(Object.values(commandId).filter((id) => !declared.includes(id))).toEqual([]);
  });

  it.each([...Object.entries(menus).flatMap(([menu, entries]) => entries.flatMap(({ command }) => (command ? [[menu, command]] : []))), ...keybindings.map(({ command }) => ['keybindings', command])])(
    'in %s: %s is declared',
    (_menu, command) => {
      expect(declared).toContain(command);
    },
  );

  it('for the review have keys while a proposal is shown, and leave the find widget and the terminal theirs', () => {
    expect(keybindings.map(({ key, command }) => `${key} ${command}`)).toEqual(['alt+a cupel.acceptProposal', 'alt+r cupel.rejectProposal', 'alt+] cupel.nextProposal', 'alt+[ cupel.previousProposal']);
    expect(new Set(keybindings.map(({ when }) => when))).toEqual(new Set(['cupel.reviewing && (editorTextFocus || !inputFocus)']));
  });
});

describe('strings', () => {
  it('are all translated, and none is left over', () => {
    const used = new Set(Array.from(manifestText.matchAll(/"%([^"%]+)%"/g), ([, key]) => key));
    expect([...used].sort()).toEqual(Object.keys(strings).sort());
  });

  it('name commands and settings that exist', () => {
    const named = Object.values(strings).flatMap((text) => Array.from(text.matchAll(/command:(cupel\.\w+)/g), ([, id]) => id ?? ''));
    expect(named.filter((id) => !declared.includes(id))).toEqual([]);
    const settings = Object.values(strings).flatMap((text) => Array.from(text.matchAll(/`(cupel\.[\w.]+)`/g), ([, id]) => id ?? ''));
    expect(settings.filter((id) => !(id in properties))).toEqual([]);
  });
});

describe('settings', () => {
  it('have the defaults that the server falls back to', () => {
    const defaults = Object.fromEntries(Object.entries(properties).map(([id, { default: value }]) => [id, value]));
    expect(defaults).toEqual(flat('cupel', defaultSettings));
  });

  it('offer the values that the server accepts', () => {
    expect(properties['cupel.tokenizer']?.enum).toEqual(tokenizers);
    expect(properties['cupel.badge.parts']?.items).toMatchObject({ enum: badgeParts });
  });

  it.each(Object.entries(properties).filter(([, { enum: values }]) => values))('%s explains each of its values', (_id, { enum: values, enumDescriptions }) => {
    expect(enumDescriptions).toHaveLength(values?.length ?? 0);
  });

  it('describe teachers with the fields that the server reads', () => {
    const described = z.object({ oneOf: z.array(z.object({ properties: z.record(z.string(), z.unknown()), required: z.array(z.string()) })) }).parse(properties['cupel.teachers']?.items);
    const accepted = teacherSchema.options.map((option) => {
      const { properties: fields = {}, required = [] } = z.toJSONSchema(option);
      return { properties: Object.keys(fields).sort(), required: [...required].sort() };
    });
    expect(described.oneOf.map((teacher) => ({ properties: Object.keys(teacher.properties).sort(), required: [...teacher.required].sort() }))).toEqual(accepted);
  });

  it('keep a workspace that is not trusted from sending records to its own teachers', () => {
    expect(manifest.capabilities.untrustedWorkspaces).toMatchObject({ supported: 'limited', restrictedConfigurations: ['cupel.teachers'] });
  });
});

describe('docs/settings.md', () => {
  const page = readFileSync(path.join(root, 'docs/settings.md'), 'utf8');

  it('names every command as the palette does', () => {
    expect(commands.map(({ title }) => strings[stringKey(title)] ?? title).filter((title) => !page.includes(title))).toEqual([]);
  });

  it('names every setting', () => {
    expect(Object.keys(properties).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('walkthrough', () => {
  const steps = walkthroughs.flatMap((walkthrough) => walkthrough.steps);

  it('shows pages that exist', () => {
    expect(steps.map(({ media }) => media.markdown).filter((page) => !existsSync(path.join(root, page)))).toEqual([]);
  });

  it('ticks steps off by commands that exist', () => {
    expect(steps.flatMap(({ completionEvents }) => completionEvents).filter((event) => !declared.includes(event.replace('onCommand:', '')))).toEqual([]);
  });
});

it('wakes up for JSONL and leaves the declaration of the language to VS Code', () => {
  expect(manifest.activationEvents).toEqual(['onLanguage:jsonl']);
  expect(existsSync(path.join(root, manifest.icon))).toBe(true);
});

/** Ids in `src/client/commands`, written out or taken from the protocol. */
function registeredCommands(): string[] {
  const folder = path.join(root, 'src/client/commands');
  const ids = readdirSync(folder).flatMap((file) => {
    const id = /^\s*(?:return \{ )?id: (?:'(cupel\.\w+)'|commandId\.(\w+)),/m.exec(readFileSync(path.join(folder, file), 'utf8'));
    return id?.[1] ?? Object.entries(commandId).find(([name]) => name === id?.[2])?.[1] ?? [];
  });
  return ids.sort();
}

function stringKey(reference: string): string {
  return reference.slice(1, -1);
}

/** `{ badge: { enabled } }` becomes `{ 'cupel.badge.enabled' }`. */
function flat(prefix: string, value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
      const id = `${prefix}.${name}`;
      return typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? Object.entries(flat(id, inner)) : [[id, inner]];
    }),
  );
}
