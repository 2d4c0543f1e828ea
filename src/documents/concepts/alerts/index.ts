import type { Item, Reader } from '../../../model/document.js';
import { closing } from '../syntax-text.js';
import { alertItem, durationSeconds, indentedBlock } from './shared.js';

const yamlFiles = ['*.yml', '*.yaml', '*.rules', '*.yml.j2', '*.yaml.j2', '*.tpl', '*.jsonnet', '*.libsonnet'];
const pipelines = ['.github/**', '.gitlab-ci.yml'];

/** Rule files of Prometheus and Loki, PrometheusRule objects, Helm templates of either: `- alert: Name` with an `expr`. */
const prometheus: Reader = {
  name: 'alerts/prometheus',
  kind: 'alerts',
  files: { paths: yamlFiles, except: pipelines, roles: ['config', 'other', 'template', 'product'] },
  keywords: ['alert:'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const match of code.matchAll(/^([ \t]*)-[ \t]+alert:[ \t]*["']?([^"'\n]+?)["']?[ \t]*$/gm)) {
      const block = indentedBlock(code, match.index, match[1]!.length);
      const expression = /\bexpr:([\s\S]*?)(?:\n[ \t]*(?:for|labels|annotations|keep_firing_for):|$)/.exec(block)?.[1];
      if (expression === undefined) continue;
      const shown = alertItem(source, match.index, 'prometheus', match[2]!, expression);
      items.push({
        ...alertItem(source, match.index, 'prometheus', match[2]!, block, {
          threshold: shown.threshold as number | null,
          comparison: String(shown.comparison),
        }),
        percent: shown.percent ?? null,
        forSeconds: durationSeconds(/^[ \t]*for:[ \t]*(\S+)/m.exec(block)?.[1]),
      });
    }
    return { items };
  },
};

/** Grafana's provisioned rules: members of `rules:` with a title, a condition and data. */
const grafana: Reader = {
  name: 'alerts/grafana',
  kind: 'alerts',
  files: { paths: ['*.yml', '*.yaml'], except: pipelines, roles: ['config', 'other'] },
  keywords: ['condition:'],
  read(source) {
    const { code } = source;
    if (!/^apiVersion:\s*1\b/m.test(code) || !/^\s*(?:-\s+)?rules:/m.test(code)) return {};
    const items: Item[] = [];
    for (const match of code.matchAll(/^([ \t]*)-[ \t]+(?:uid|title|id|name):[^\n]*$/gm)) {
      const block = indentedBlock(code, match.index, match[1]!.length);
      const title = /\btitle:[ \t]*["']?([^"'\n]+)/.exec(block);
      if (!title || !/\bcondition:/.test(block) || !/\bdata:/.test(block) || /\brules:/.test(block)) continue;
      const evaluator = /\bparams:\s*(?:\[\s*|-\s+)(-?[\d.]+)/.exec(block);
      const kind = /\btype:\s*["']?(gt|lt|within_range|outside_range)\b/.exec(block)?.[1];
      items.push(
        alertItem(source, match.index, 'grafana', title[1]!.trim(), block, {
          ...(evaluator ? { threshold: Number(evaluator[1]), comparison: kind === 'lt' ? '<' : kind === 'gt' ? '>' : '' } : {}),
          forSeconds: durationSeconds(/^[ \t]*for:[ \t]*(\S+)/m.exec(block)?.[1]),
          disabled: /\bisPaused:\s*true\b/.test(block),
        }),
      );
    }
    return { items };
  },
};

/** AWS::CloudWatch::Alarm in CloudFormation, SAM and Serverless files (YAML and JSON). */
const cloudFormation: Reader = {
  name: 'alerts/cloudformation',
  kind: 'alerts',
  files: { paths: ['*.yml', '*.yaml', '*.json', '*.template'], except: pipelines, roles: ['config', 'other'] },
  keywords: ['AWS::CloudWatch::Alarm'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const match of code.matchAll(/^([ \t]*)"?([\w-]+)"?:\s*(\{?)\s*"?Type"?:\s*["']?AWS::CloudWatch::Alarm\b/gm)) {
      const start = match[0].startsWith('\n') ? match.index + 1 : match.index;
      const open = match[3] ? code.indexOf('{', start) : -1;
      const end = open < 0 ? -1 : closing(code, open);
      const block = end < 0 ? indentedBlock(code, start, match[1]!.length) : code.slice(start, end + 1);
      items.push(alertItem(source, start, 'cloudformation', match[2]!, block, cloudWatch(block)));
    }
    return { items };
  },
};

const resources =
  /^[ \t]*resource\s+"(aws_cloudwatch_metric_alarm|aws_cloudwatch_composite_alarm|google_monitoring_alert_policy|azurerm_monitor_\w*alert\w*|datadog_monitor|newrelic_(?:nrql_)?alert_condition|grafana_rule_group|sentry_(?:issue|metric)_alert)"\s+"([^"\n]+)"\s*\{/gm;

/** Alarms, alert policies and monitors declared in Terraform. */
const terraform: Reader = {
  name: 'alerts/terraform',
  kind: 'alerts',
  files: { paths: ['*.tf'], except: pipelines, roles: ['config', 'other', 'product'] },
  keywords: ['alarm"', 'alert_policy', 'alert"', 'datadog_monitor', 'alert_condition', 'grafana_rule_group'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const match of code.matchAll(resources)) {
      const end = closing(code, match.index + match[0].length - 1);
      const block = code.slice(match.index, end < 0 ? match.index + 3_000 : end + 1);
      items.push(
        alertItem(source, match.index, 'terraform', match[2]!, block, match[1]!.startsWith('aws_') ? cloudWatch(block) : policy(block)),
      );
    }
    return { items };
  },
};

/** `new cloudwatch.Alarm(...)`, `.createAlarm(...)` of the AWS CDK. */
const cdk: Reader = {
  name: 'alerts/cdk',
  kind: 'alerts',
  files: { roles: ['product', 'config', 'script'], languages: ['typescript', 'javascript', 'python'] },
  keywords: ['cloudwatch.Alarm', 'createAlarm', 'create_alarm'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    for (const match of code.matchAll(/\b(?:cloudwatch\.Alarm|createAlarm|create_alarm)\s*\(/g)) {
      const open = match.index + match[0].length - 1;
      const end = closing(code, open);
      const block = code.slice(Math.max(0, match.index - 300), end < 0 ? open + 2_000 : end + 1);
      const threshold = /\bthreshold\s*[:=]\s*([\d.]+)/.exec(block);
      const name = /["'`]([\w .-]{2,80})["'`]/.exec(code.slice(open, end < 0 ? open + 200 : end))?.[1] ?? '';
      items.push(
        alertItem(source, match.index, 'cdk', name, block, {
          threshold: threshold ? Number(threshold[1]) : null,
          comparison: /LESS_THAN/.test(block) ? '<' : '>',
          actions: /\b(?:addAlarmAction|add_alarm_action)\s*\(/.test(code) ? ['alarm action'] : [],
        }),
      );
    }
    return { items };
  },
};

/** What an alarm of CloudWatch says, in HCL (`alarm_actions = [...]`) or CloudFormation (`AlarmActions:`). */
function cloudWatch(block: string) {
  const number = (hcl: string, cfn: string) => {
    const found = new RegExp(`\\b(?:${hcl}|${cfn})"?\\s*[=:]\\s*"?(-?[\\d.]+)`).exec(block);
    return found ? Number(found[1]) : null;
  };
  const operator = /\b(?:comparison_operator|ComparisonOperator)"?\s*[=:]\s*"?(\w+)/.exec(block)?.[1] ?? '';
  const period = number('period', 'Period');
  const periods = number('evaluation_periods', 'EvaluationPeriods');
  const given = /\b(?:alarm_actions|AlarmActions)"?\s*[=:]\s*([^\n]*(?:\n\s*(?:-[^\n]*|[^\n=:]*\]))?)/.exec(block)?.[1]?.trim();
  const empty = given !== undefined && /^\[\s*\]/.test(given);
  return {
    threshold: number('threshold', 'Threshold'),
    comparison: operator.startsWith('Less') ? '<' : operator.startsWith('Greater') ? '>' : '',
    forSeconds: period !== null && periods !== null ? period * periods : null,
    disabled: /\b(?:actions_enabled|ActionsEnabled)"?\s*[=:]\s*"?false\b/.test(block),
    actions: given && !empty ? [given.slice(0, 200)] : [],
    silent: empty,
  };
}

/** What a policy or monitor of Google Cloud, Azure, Datadog, New Relic, Grafana or Sentry says. */
function policy(block: string) {
  const threshold = /\b(?:threshold_value|threshold|critical)\s*=\s*"?(-?[\d.]+)/.exec(block);
  const operator = /\b(?:comparison|operator)\s*=\s*"(\w+)"/.exec(block)?.[1] ?? '';
  const actions = [
    ...block.matchAll(/\b(?:notification_channels|action_group_id|action_groups|contact_point|target_identifier|receiver)\s*=\s*([^\n]+)/g),
  ].map((m) => m[1]!.trim());
  const mentions = [...block.matchAll(/@(?:slack|pagerduty|opsgenie|webhook|teams|all|[\w.]+@)[\w.-]*/g)].map((m) => m[0]);
  const named = [
    ...actions.filter((a) => !/^\[\s*\]/.test(a)),
    ...mentions,
    ...(/\baction(?:s|_filters)?\s*(?:=\s*<<|\{)/.test(block) ? ['action'] : []),
  ];
  return {
    ...(threshold ? { threshold: Number(threshold[1]), comparison: /LT|Less|below/i.test(operator) ? '<' : '>' } : {}),
    forSeconds: durationSeconds(/\b(?:duration|window_size|for)\s*=\s*"?(\w+)/.exec(block)?.[1]),
    disabled: /\benabled\s*=\s*false\b|\bis_paused\s*=\s*true\b/.test(block),
    actions: named.slice(0, 10).map((a) => a.slice(0, 200)),
    silent: named.length === 0 && actions.length > 0,
  };
}

export const alertReaders: readonly Reader[] = [prometheus, grafana, cloudFormation, terraform, cdk];
