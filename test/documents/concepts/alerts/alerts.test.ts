import { describe, expect, it } from 'vitest';
import { alertReaders } from '../../../../src/documents/concepts/alerts/index.js';
import { durationSeconds, firstComparison } from '../../../../src/documents/concepts/alerts/shared.js';
import { concepts } from '../../../../src/model/concepts.js';
import type { Item } from '../../../../src/model/document.js';
import { sourceOf } from '../../../support/source.js';

/** What the reader of this name finds in one file. */
async function read(name: string, path: string, text: string): Promise<Item[]> {
  const reader = alertReaders.find((r) => r.name === `alerts/${name}`)!;
  const items = [...((await reader.read(sourceOf(path, text))).items ?? [])];
  for (const item of items) concepts.alerts.parse(item);
  return items;
}

const rules = `groups:
  - name: app
    rules:
      - alert: HighErrors
        expr: |
          sum(rate(http_requests_total{status=~"5.."}[5m]))
            / sum(rate(http_requests_total[5m])) > 0.05
        for: 5m
        labels: { severity: critical }
      # - alert: Off
      #   expr: up == 0
      - alert: DiskFull
        expr: node_filesystem_avail_bytes / node_filesystem_size_bytes * 100 < 10
        for: 1h30m
`;

describe('alerts', () => {
  it('reads Prometheus rules with expression, limit and duration', async () => {
    const items = await read('prometheus', 'rules.yml', rules);
    expect(items).toHaveLength(2);
    expect(items[0]).toMatchObject({ name: 'HighErrors', line: 4, comparison: '>', threshold: 0.05, percent: 5, forSeconds: 300 });
    expect(items[0]!.text).toContain('http_requests_total');
    expect(items[1]).toMatchObject({ name: 'DiskFull', comparison: '<', threshold: 10, percent: 10, forSeconds: 5_400 });
  });

  it('takes no list member without an expression for a rule', async () => {
    expect(await read('prometheus', 'ui.yml', 'messages:\n  - alert: Saved\n    text: done\n')).toEqual([]);
  });

  it('reads alarms of CloudWatch in Terraform with their actions', async () => {
    const block = (actions: string) =>
      `resource "aws_cloudwatch_metric_alarm" "cpu" {\n  metric_name = "CPUUtilization"\n  comparison_operator = "GreaterThanThreshold"\n  threshold = 80\n  period = 60\n  evaluation_periods = 5\n  alarm_actions = ${actions}\n}\n`;
    expect(await read('terraform', 'a.tf', block('[aws_sns_topic.ops.arn]'))).toMatchObject([
      { name: 'cpu', comparison: '>', threshold: 80, percent: 80, forSeconds: 300, actions: ['[aws_sns_topic.ops.arn]'], silent: false },
    ]);
    expect(await read('terraform', 'a.tf', block('[]'))).toMatchObject([{ actions: [], silent: true }]);
  });

  it('reads policies of Google Cloud and monitors of Datadog', async () => {
    const google =
      'resource "google_monitoring_alert_policy" "p" {\n  conditions {\n    condition_threshold {\n      comparison = "COMPARISON_GT"\n      threshold_value = 0.9\n      duration = "60s"\n    }\n  }\n  notification_channels = [google_monitoring_notification_channel.mail.id]\n}\n';
    expect(await read('terraform', 'a.tf', google)).toMatchObject([
      { threshold: 0.9, percent: 90, forSeconds: 60, comparison: '>', silent: false },
    ]);
    const datadog =
      'resource "datadog_monitor" "m" {\n  query = "avg(last_5m):avg:system.cpu.user{*} > 90"\n  message = "@slack-ops CPU"\n}\n';
    expect(await read('terraform', 'a.tf', datadog)).toMatchObject([{ threshold: 90, actions: ['@slack-ops'] }]);
  });

  it('reads CloudFormation in YAML and JSON', async () => {
    const yaml =
      'Resources:\n  Cpu:\n    Type: AWS::CloudWatch::Alarm\n    Properties:\n      MetricName: CPUUtilization\n      Threshold: 90\n      ComparisonOperator: GreaterThanThreshold\n      AlarmActions:\n        - !Ref Topic\n  Other:\n    Type: AWS::SNS::Topic\n';
    expect(await read('cloudformation', 'a.yaml', yaml)).toMatchObject([{ name: 'Cpu', line: 2, threshold: 90 }]);
    const json = '{"Resources": {\n  "Cpu": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Threshold": 70, "AlarmActions": []}}}}\n';
    expect(await read('cloudformation', 'a.json', json)).toMatchObject([{ name: 'Cpu', threshold: 70, silent: true }]);
  });

  it('reads rules that Grafana provisions', async () => {
    const grafana =
      'apiVersion: 1\ngroups:\n  - name: app\n    rules:\n      - uid: a1\n        title: Slow\n        condition: C\n        data:\n          - refId: C\n            model:\n              conditions:\n                - evaluator:\n                    params: [2]\n                    type: gt\n        for: 5m\n        isPaused: true\n';
    expect(await read('grafana', 'alerting/rules.yml', grafana)).toMatchObject([
      { name: 'Slow', threshold: 2, comparison: '>', forSeconds: 300, disabled: true },
    ]);
  });

  it('reads alarms of the CDK', async () => {
    expect(
      await read(
        'cdk',
        'stack.ts',
        "new cloudwatch.Alarm(this, 'Errors', { metric: fn.metricErrors(), threshold: 1, evaluationPeriods: 1 });\n",
      ),
    ).toMatchObject([{ name: 'Errors', threshold: 1, source: 'cdk' }]);
  });

  it('finds comparisons outside label matchers, and durations', () => {
    expect(firstComparison('up{job="a"} == 0')).toEqual({ comparison: '==', threshold: 0 });
    expect(firstComparison('probe_ssl_earliest_cert_expiry - time() < 86400 * 30')).toEqual({ comparison: '<', threshold: 2_592_000 });
    expect(firstComparison('absent(up{mode!="x"})')).toEqual({ comparison: '', threshold: null });
    expect([durationSeconds('5m'), durationSeconds('PT1H'), durationSeconds('soon')]).toEqual([300, 3_600, null]);
  });
});
