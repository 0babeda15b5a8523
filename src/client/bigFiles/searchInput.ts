import { ThemeIcon, window, type QuickInputButton } from 'vscode';
import type { BigFileQuery } from '../../protocol/lsp';

/** Asks what to search for; buttons switch case and regular expressions on and off. Undefined when the person leaves. */
export function askForQuery(name: string): Promise<BigFileQuery | undefined> {
  const input = window.createInputBox();
  const wish = { caseSensitive: false, regex: false };
  const show = () => {
    const modes = [...(wish.caseSensitive ? ['match case'] : []), ...(wish.regex ? ['regular expression'] : [])];
    input.title = [`Search ${name}`, ...modes].join(' · ');
    input.buttons = [caseButton(wish.caseSensitive), regexButton(wish.regex)];
    input.prompt = wish.regex ? 'A regular expression over each line, as it stands in the file' : 'A text, as people read it: however the file escapes it';
  };
  show();
  return new Promise((resolve) => {
    input.onDidTriggerButton((button) => {
      if (input.buttons.indexOf(button) === 0) wish.caseSensitive = !wish.caseSensitive;
      else wish.regex = !wish.regex;
      show();
    });
    input.onDidAccept(() => {
      if (input.value === '') return;
      resolve({ text: input.value, ...wish });
      input.hide();
    });
    input.onDidHide(() => {
      resolve(undefined);
      input.dispose();
    });
    input.show();
  });
}

function caseButton(on: boolean): QuickInputButton {
  return { iconPath: new ThemeIcon('case-sensitive'), tooltip: on ? 'Match Case (on)' : 'Match Case' };
}

function regexButton(on: boolean): QuickInputButton {
  return { iconPath: new ThemeIcon('regex'), tooltip: on ? 'Use Regular Expression (on)' : 'Use Regular Expression' };
}
