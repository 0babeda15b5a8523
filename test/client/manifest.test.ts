import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { lossPresetIds, parseLossModel, parseRewardModel, precisions } from '../../src/core/scores/scorerSpec';
import { shades } from '../../src/client/surprise/shading';
import { commandId } from '../../src/protocol/commands';
import { badgeParts, defaultSettings, surpriseModes, teacherSchema, tokenizers } from '../../src/protocol/settings';

const root = fileURLToPath(new URL('../../', import.meta.url));

const property = z.looseObject({ default: z.unknown(), enum: z.array(z.string()).optional(), enumDescriptions: z.array(z.string()).optional(), items: z.unknown().optional(), examples: z.array(z.string()).optional() });
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
    viewsContainers: z.object({ activitybar: z.array(z.object({ id: z.string(), icon: z.string() })) }),
    views: z.record(z.string(), z.array(z.object({ id: z.string(), icon: z.string(), when: z.string() }))),
    viewsWelcome: z.array(z.object({ view: z.string(), contents: z.string() })),
    colors: z.array(z.object({ id: z.string(), defaults: z.record(z.enum(['dark', 'light', 'highContrast', 'highContrastLight']), z.string().regex(/^#[0-9A-F]{8}$/)) })),
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
    const ofReview = keybindings.filter(({ when }) => when.includes('cupel.reviewing'));
    expect(ofReview.map(({ key, command }) => `${key} ${command}`)).toEqual(['alt+a cupel.acceptProposal', 'alt+r cupel.rejectProposal', 'alt+] cupel.nextProposal', 'alt+[ cupel.previousProposal']);
    expect(new Set(ofReview.map(({ when }) => when))).toEqual(new Set(['cupel.reviewing && (editorTextFocus || !inputFocus)']));
  });

  it('leave Escape to whatever else it would close first', () => {
    const [escape] = keybindings.filter(({ key }) => key === 'escape');
    expect(escape?.command).toBe('cupel.hideTokenSurprise');
    for (const other of ['editorHasSelection', 'findWidgetVisible', 'suggestWidgetVisible', 'inSnippetMode']) expect(escape?.when).toContain(`!${other}`);
  });
});

describe('views', () => {
  const views = Object.values(manifest.contributes.views).flat();

  it('lie in a container of Cupel, with icons that take the colour of the theme', () => {
    const { activitybar } = manifest.contributes.viewsContainers;
    expect(Object.keys(manifest.contributes.views)).toEqual(activitybar.map(({ id }) => id));
    for (const { icon } of [...activitybar, ...views]) expect(readFileSync(path.join(root, icon), 'utf8')).not.toMatch(/#(?!000\b)[0-9a-f]{3,6}|rgb|<image/i);
  });

  it('are there once Cupel runs, and say what would fill them', () => {
    expect(views.filter(({ when }) => when !== 'cupel.active')).toEqual([]);
    expect(manifest.contributes.viewsWelcome.map(({ view }) => view)).toEqual(views.map(({ id }) => id));
  });

  it.each(['view/title', 'view/item/context'])('%s shows commands in views that exist', (menu) => {
    const named = (menus[menu] ?? []).map(({ when }) => /^view == (\S+)/.exec(when ?? '')?.[1] ?? '');
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !views.some(({ id }) => id === name))).toEqual([]);
  });

  it('keep commands for their items out of the palette', () => {
    const hidden = (menus.commandPalette ?? []).filter(({ when }) => when === 'false').map(({ command }) => command);
    const ofItems = (menus['view/item/context'] ?? []).map(({ command }) => command);
    expect(hidden.filter((command) => !ofItems.includes(command))).toEqual([]);
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
    expect(properties['cupel.surprise.mode']?.enum).toEqual(surpriseModes);
    expect(properties['cupel.badge.parts']?.items).toMatchObject({ enum: badgeParts });
    expect(properties['cupel.scorer.preset']?.enum).toEqual(lossPresetIds);
    expect(properties['cupel.scorer.precision']?.enum).toEqual(precisions);
  });

  it('give examples of models that the server understands', () => {
    for (const example of properties['cupel.scorer.loss']?.examples ?? []) expect(() => parseLossModel(example)).not.toThrow();
    for (const example of properties['cupel.scorer.reward']?.examples ?? []) expect(() => parseRewardModel(example)).not.toThrow();
    expect(properties['cupel.scorer.loss']?.examples).toContain('tiny');
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

  it('keep a workspace that is not trusted from sending records to its own teachers and scorers', () => {
    expect(manifest.capabilities.untrustedWorkspaces).toMatchObject({ supported: 'limited', restrictedConfigurations: ['cupel.teachers', 'cupel.scorer.loss', 'cupel.scorer.reward'] });
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

describe('colours', () => {
  const { colors } = manifest.contributes;
  /** Ground and JSON strings of VS Code's own themes. */
  const themes = { dark: ['#1F1F1F', '#CE9178'], light: ['#FFFFFF', '#A31515'], highContrast: ['#000000', '#CE9178'], highContrastLight: ['#FFFFFF', '#0F4A85'] } as const;

  it('are there for every shade of surprise', () => {
    expect(colors.map(({ id }) => id).sort()).toEqual(shades.map((shade) => `cupel.surprise${shade}`).sort());
  });

  it.each(Object.entries(themes))('leave text readable in the %s theme, and grow stronger', (theme, [ground, text]) => {
    const readable = new Map(colors.map(({ id, defaults }) => [id, contrast(over(defaults[theme as keyof typeof themes], ground), text)]));
    for (const [id, ratio] of readable) expect(ratio, id).toBeGreaterThan(4.4);
    for (const kind of ['', 'Helped', 'Hindered']) {
      const steps = [...readable].filter(([id]) => new RegExp(`surprise${kind}[0-9]$`).test(id)).map(([, ratio]) => ratio);
      expect(steps).toEqual(steps.toSorted((a, b) => b - a));
    }
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

it('wakes up for JSONL and for the records of a window that is opened again, and leaves the declaration of the language to VS Code', () => {
  expect(manifest.activationEvents).toEqual(['onFileSystem:cupel-page', 'onFileSystem:cupel-record', 'onLanguage:jsonl']);
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

/** `#RRGGBBAA` on an opaque ground, as red, green and blue from 0 to 1. */
function over(colour: string, ground: string): number[] {
  const share = channel(colour, 3);
  return [0, 1, 2].map((index) => channel(colour, index) * share + channel(ground, index) * (1 - share));
}

/** WCAG's ratio. */
function contrast(ground: readonly number[], text: string): number {
  const [a, b] = [luminance(ground), luminance([0, 1, 2].map((index) => channel(text, index)))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function luminance(rgb: readonly number[]): number {
  const weights = [0.2126, 0.7152, 0.0722];
  return rgb.reduce((sum, value, index) => sum + (weights[index] ?? 0) * (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4), 0);
}

function channel(colour: string, index: number): number {
  return parseInt(colour.slice(1 + 2 * index, 3 + 2 * index), 16) / 255;
}

function stringKey(reference: string): string {
  return reference.slice(1, -1);
}

/** `{ badge: { enabled } }` becomes `{ 'cupel.badge.enabled' }`. */
function flat(prefix: string, value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
      const id = `${prefix}.${name}`;
      return typeof inner === 'object' && inner !== null && !Array.isArray(inner) && Object.keys(inner).length > 0 ? Object.entries(flat(id, inner)) : [[id, inner]];
    }),
  );
}
