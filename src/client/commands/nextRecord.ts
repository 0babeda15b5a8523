import type { RecordSteps } from '../recordView/recordSteps';
import type { Command } from './command';

export function nextRecord(steps: RecordSteps): Command {
  return { id: 'cupel.nextRecord', failure: 'The next record could not be shown', run: async () => steps.go(1) };
}
