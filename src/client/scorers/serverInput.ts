import { window } from 'vscode';
import type { LossServer, RewardServer } from '../../core/scores/scorerSpec';
import type { ScorerKind } from '../../protocol/lsp';
import type { Choice, RememberedPick } from '../rememberedPick';
import { addressComplaint } from './serverAddress';

interface ServerChoice extends Choice {
  readonly id: LossServer | RewardServer;
  /** Where such a server listens unless told otherwise. */
  readonly address: string;
}

const vllm: ServerChoice = { id: 'vllm', label: 'vLLM', description: 'prompt log-probabilities for losses, /classify for rewards', address: 'http://127.0.0.1:8000' };
const sglang: ServerChoice = { id: 'sglang', label: 'SGLang', description: 'input log-probabilities for losses, /classify for rewards', address: 'http://127.0.0.1:30000' };
const tgi: ServerChoice = { id: 'tgi', label: 'TGI', description: 'Text Generation Inference, with prefill details', address: 'http://127.0.0.1:8080' };
const tei: ServerChoice = { id: 'tei', label: 'TEI', description: 'Text Embeddings Inference, /predict', address: 'http://127.0.0.1:8080' };

const servers: Readonly<Record<ScorerKind, readonly ServerChoice[]>> = { loss: [vllm, sglang, tgi], reward: [vllm, sglang, tei] };

/** A server's kind, address and model, one after the other; `vllm:http://127.0.0.1:8000#gpt2`. Undefined when the person leaves. */
export async function askForServer(kind: ScorerKind, pick: RememberedPick): Promise<string | undefined> {
  const server = await pick.one(`${kind}Server`, 'What kind of server?', servers[kind]);
  if (!server) return undefined;
  const memory = `${kind}Server.${server.id}.address`;
  const address = await window.showInputBox({
    title: `Address of the ${server.label} server`,
    prompt: 'Several replicas of one model stand with commas between them. Instructions and responses are sent there.',
    value: pick.last(memory) ?? server.address,
    ignoreFocusOut: true,
    validateInput: (text) => addressComplaint(kind, server.id, text),
  });
  if (address === undefined) return undefined;
  await pick.remember(memory, address.trim());
  const model = await window.showInputBox({ title: `Model on the ${server.label} server`, prompt: 'As the server names it; empty for the one that it serves.', ignoreFocusOut: true });
  if (model === undefined) return undefined;
  return `${server.id}:${address.trim()}${model.trim() === '' ? '' : `#${model.trim()}`}`;
}
