import type { RecordSteps } from '../recordView/recordSteps';
import type { Command } from './command';

export function previousRecord(steps: RecordSteps): Command {
  return { id: 'cupel.previousRecord', failure: 'The previous record could not be shown', run: async () => steps.go(-1) };
}
