import { describe, expect, it } from 'vitest';
import { verifyCommand } from '../../src/report/verify.js';
import { finding } from '../evaluate/support.js';
import { goldenReport } from './golden.js';

const { inventory } = goldenReport();
const open = (check: string, ...observable: string[]) => finding({ check, outcome: 'unknown', observable });

describe('verifyCommand', () => {
  it('names the checks and what they need, where they are few', () => {
    expect(verifyCommand([open('a/x', 'http', 'tls')], inventory)).toBe('readiness audit --only a/x --url https://app.example.com');
  });

  it('asks everything where they are many, over several lines where that is long', () => {
    const many = ['a/1', 'a/2', 'a/3', 'a/4'].map((id) => open(id, 'http', 'redis', 'prometheus', 'env'));
    const command = verifyCommand(many, inventory) ?? '';
    expect(command).not.toContain('--only');
    expect(command.split(' \\\n  ')).toHaveLength(5);
  });

  it('leaves out the database that is not in use', () => {
    const either = [open('a/x', 'postgres', 'mysql')];
    expect(verifyCommand(either, { ...inventory, capabilities: ['postgres-driver'], technologies: [] })).not.toContain('--mysql');
    expect(verifyCommand(either, { ...inventory, capabilities: ['mysql-driver'], technologies: [] })).not.toContain('--postgres');
    expect(verifyCommand(either, { ...inventory, capabilities: [], technologies: [] })).toMatch(/--postgres.*--mysql/);
  });

  it('has nothing to say of what no running system shows', () => {
    expect(verifyCommand([finding({ check: 'a/x', outcome: 'unknown' })], inventory)).toBeNull();
  });
});
