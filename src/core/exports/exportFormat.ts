import type { Result } from '../../base/result';
import type { DataRecord } from '../record/conversation';

/** One way to write a record for a trainer: exactly the documented fields and nothing else. */
export interface ExportFormat {
  readonly id: string;
  /** For people: `Alpaca (instruction, input, output)`. */
  readonly title: string;
  /** The object of one line; or why this record cannot be written without losing something, said alike for all such records so that reasons can be counted. */
  write(record: DataRecord): Result<object>;
}
