import type { Document } from '../../model/document.js';
import { at, list, number, record, text, type JsonMap } from '../json.js';

/** A call of a Terraform module. */
export interface ModuleCall {
  readonly path: string;
  readonly line: number;
  readonly name: string;
  /** As written: `terraform-aws-modules/rds/aws`. */
  readonly source: string;
  readonly inputs: JsonMap;
}

/** The calls of modules in Terraform files, without those that `count = 0` switches off. */
export const moduleCalls = (documents: readonly Document[]): ModuleCall[] =>
  documents.flatMap((document) =>
    list(at(document.root, 'module')).flatMap((module, i) => {
      const inputs = record(at(module, 'attributes'));
      if (number(inputs['count']) === 0) return [];
      const line = number(at(module, 'line')) ?? document.place(['module', i]).line ?? 1;
      return [{ path: document.path, line, name: text(at(module, 'name')), source: text(inputs['source']), inputs }];
    }),
  );
