import { window } from 'vscode';
import type { AskForKey } from './teacherKeys';

/** Asks for a key in a box that hides what is typed, and says where it will be sent and kept. */
export const askForKey: AskForKey = ({ teacher, origin, refused }) =>
  window.showInputBox({
    title: refused ? `${origin} refused the API key of ${teacher}` : `API key of ${teacher}`,
    prompt: `Sent to ${origin} only. Kept in VS Code's secret storage.`,
    password: true,
    ignoreFocusOut: true,
  });
