import { z } from 'zod';
import { type Result, fail, ok } from '../../base/result';
import type { Proposal } from '../../core/proposals/proposal';
import type { Measurement, NllSum } from '../../core/scores/catalogue';
import type { Provenance } from '../../core/teachers/teacher';

/** Proposals as they stand in the journal and in a CLI's proposals file: one JSON object a line. */

const reason = z.string().exactOptional();

const nllSum: z.ZodType<NllSum> = z.object({ sum: z.number(), tokens: z.int().min(1) });

const measurementSchema: z.ZodType<Measurement> = z.object({
  key: z.string(),
  length: z.object({ words: z.int().min(0), tokens: z.int().min(0), chars: z.int().min(0), tokenizer: z.string() }).exactOptional(),
  loss: z
    .object({ scorer: z.string(), cond: nllSum.exactOptional(), direct: nllSum.exactOptional(), prompt: nllSum.exactOptional(), reason })
    .exactOptional(),
  reward: z.object({ scorer: z.string(), value: z.number().exactOptional(), reason }).exactOptional(),
});

const provenanceSchema: z.ZodType<Provenance> = z.object({
  teacher: z.string(),
  model: z.string(),
  parameters: z.record(z.string(), z.union([z.string(), z.number()])),
  promptTemplate: z.string(),
  time: z.string(),
  usage: z.object({ promptTokens: z.int().min(0), completionTokens: z.int().min(0) }).exactOptional(),
  requestId: z.string().exactOptional(),
});

export const proposalSchema: z.ZodType<Proposal> = z.object({
  id: z.string(),
  file: z.string(),
  line: z.int().min(1),
  recordKey: z.string(),
  promptKey: z.string(),
  exchange: z.string(),
  path: z.array(z.union([z.string(), z.int().min(0)])),
  mode: z.enum(['regenerate', 'refine']),
  teacher: z.string(),
  status: z.enum(['pending', 'accepted', 'rejected', 'failed']),
  response: z.string().exactOptional(),
  reason,
  provenance: provenanceSchema.exactOptional(),
  before: measurementSchema.exactOptional(),
  after: measurementSchema.exactOptional(),
});

/** One line of a proposals file. */
export function parseProposal(line: string): Result<Proposal> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return fail('this line is not JSON');
  }
  const checked = proposalSchema.safeParse(value);
  if (checked.success) return ok(checked.data);
  const [issue] = checked.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  return fail(`this line is not a proposal: ${issue?.message ?? 'unknown form'}${place}`);
}

/** What happens to a dataset's proposals, in order; folding these gives the present state. */
export type ProposalEvent =
  | {
      readonly event: 'proposed';
      /** Equal for requests that an earlier answer satisfies: record, exchange, teacher, mode and parameters. */
      readonly request: string;
      readonly proposal: Proposal;
    }
  | { readonly event: 'scored'; readonly id: string; readonly before?: Measurement; readonly after?: Measurement }
  | { readonly event: 'resolved'; readonly id: string; readonly status: 'pending' | 'accepted' | 'rejected'; readonly time: string };

export const proposalEventSchema: z.ZodType<ProposalEvent> = z.discriminatedUnion('event', [
  z.object({ event: z.literal('proposed'), request: z.string(), proposal: proposalSchema }),
  z.object({ event: z.literal('scored'), id: z.string(), before: measurementSchema.exactOptional(), after: measurementSchema.exactOptional() }),
  z.object({ event: z.literal('resolved'), id: z.string(), status: z.enum(['pending', 'accepted', 'rejected']), time: z.string() }),
]);
