import { ConfigurationTarget, workspace } from 'vscode';
import type { ScorerKind } from '../../protocol/lsp';

/** Where the choice of a kind of model is kept. */
export function scorerSetting(kind: ScorerKind): string {
  return `cupel.scorer.${kind}`;
}

/** Into the workspace's settings when they already choose one that counts, else into the person's own. */
export async function writeScorer(kind: ScorerKind, model: string): Promise<void> {
  const settings = workspace.getConfiguration();
  const name = scorerSetting(kind);
  const inWorkspace = workspace.isTrusted && settings.inspect(name)?.workspaceValue !== undefined;
  await settings.update(name, model, inWorkspace ? ConfigurationTarget.Workspace : ConfigurationTarget.Global);
}
