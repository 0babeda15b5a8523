import { isRuleId, rules, type Severity } from '../../core/record/rules/catalogue';
import type { ViewSettings } from '../datasetView';

/** How loud a finding is: as the person set its rule, or all rules of its trainer; else as it was found. */
export function severityOf({ severities }: ViewSettings, rule: string, found?: Severity): Severity | 'off' {
  const set = severities[rule] ?? (rule.includes('/') ? severities[`${rule.slice(0, rule.indexOf('/'))}/*`] : undefined);
  return set ?? found ?? (isRuleId(rule) ? rules[rule].severity : 'warning');
}
