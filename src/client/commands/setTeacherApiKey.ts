import { commands } from 'vscode';
import { readArgument, teacherArguments } from '../commandArguments';
import { askForKey } from '../keyPrompt';
import type { Messages } from '../messages';
import type { RememberedPick } from '../rememberedPick';
import type { LanguageServer } from '../languageServer';
import type { TeacherKeys } from '../teacherKeys';
import { endpointEntries, type EndpointEntry } from '../teachers/teacherSettings';
import type { Command } from './command';

export interface KeyPorts {
  readonly server: LanguageServer;
  readonly keys: TeacherKeys;
  readonly pick: RememberedPick;
  readonly messages: Messages;
}

/** Stores the key of an endpoint, or removes it. */
export function setTeacherApiKey({ server, keys, pick, messages }: KeyPorts): Command {
  return {
    id: 'cupel.setTeacherApiKey',
    failure: 'The API key could not be stored',
    async run(argument) {
      const endpoints = endpointEntries();
      if (endpoints.length === 0) {
        messages.info('No teacher of your settings is an endpoint. Add one first.', { 'Open Settings': () => commands.executeCommand('workbench.action.openSettings', 'cupel.teachers') });
        return undefined;
      }
      const named = readArgument(teacherArguments, argument)?.teacher;
      const choices = endpoints.map(({ id, baseUrl }) => ({ id, label: id, description: new URL(baseUrl).host }));
      const id = named ?? (await pick.one('teacherKey', 'API key of which teacher?', choices))?.id;
      const endpoint = endpoints.find((entry) => entry.id === id);
      if (!endpoint) return undefined;
      const done = await changeKey(endpoint, keys, pick);
      if (!done) return undefined;
      await server.request('cupel/setTeacherKey', { teacher: endpoint.id });
      messages.info(`The API key of ${endpoint.id} was ${done}.`);
      return done;
    },
  };
}

async function changeKey({ id, baseUrl }: EndpointEntry, keys: TeacherKeys, pick: RememberedPick): Promise<'stored' | 'removed' | undefined> {
  if ((await keys.stored(id, baseUrl)) !== undefined) {
    const action = await pick.one('teacherKeyAction', `${id} has a key`, [
      { id: 'replace' as const, label: 'Enter another key' },
      { id: 'remove' as const, label: 'Remove the key' },
    ]);
    if (!action) return undefined;
    if (action.id === 'remove') {
      await keys.remove(id, baseUrl);
      return 'removed';
    }
  }
  const key = (await askForKey({ teacher: id, origin: new URL(baseUrl).origin, refused: false }))?.trim();
  if (!key) return undefined;
  await keys.store(id, baseUrl, key);
  return 'stored';
}
