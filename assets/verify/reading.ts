// Reads a certificate: every count, name and exact number, or `Wrong`.
import { exact, type Q } from './fractions.ts'

export type Json = Record<string, unknown>
export type Cell = readonly [number, number]
export type Order = { kind: string; seed?: string; listed?: [string, string][] } | null

/** The demand of a table: weights, seats of rows, least and most seats of columns, floors and caps (null: none) of cells. */
export type Question = {
  weights: Q[][]
  rows: number[]
  columns: Cell[]
  low: number[][]
  high: (number | null)[][]
  first: Q
  rowNames: string[]
  colNames: string[]
}

export class Wrong extends Error {}

export function need(holds: boolean): asserts holds {
  if (!holds) throw new Wrong()
}
export function list(found: unknown, length?: number): unknown[] {
  need(Array.isArray(found) && (length === undefined || found.length === length))
  return found as unknown[]
}
export function count(found: unknown): number {
  need(typeof found === 'number' && Number.isSafeInteger(found) && found >= 0)
  return found
}
export const counts = (found: unknown, length?: number): number[] => list(found, length).map(count)
export const pair = (found: unknown): Cell => counts(found, 2) as unknown as Cell
export const positive = (found: unknown): Q => {
  const q = exact(found)
  need(q.n > 0n)
  return q
}
export function rounding(found: unknown): Q {
  const [p, q] = pair(found)
  need(p > 0 && p <= q)
  return { n: BigInt(p), d: BigInt(q) }
}
export function order(found: unknown): Order {
  if (found === null) return null
  const one = found as NonNullable<Order>
  need(one.kind === 'lot' || one.kind === 'vote')
  if (one.kind === 'vote') list(one.listed).forEach((two) => list(two, 2))
  return one
}

/** JSON with sorted keys and no blanks, as it is hashed. */
export function canonical(found: unknown): string {
  if (Array.isArray(found)) return `[${found.map(canonical).join(',')}]`
  if (found === null || typeof found !== 'object') return JSON.stringify(found)
  const one = found as Json
  return `{${Object.keys(one).sort(byPoint).map((name) => `${JSON.stringify(name)}:${canonical(one[name])}`).join(',')}}`
}
/** By code points, as Python sorts: JavaScript's own order is that of UTF-16. */
function byPoint(a: string, b: string): number {
  const [one, two] = [[...a], [...b]].map((text) => text!.map((sign) => sign.codePointAt(0)!)) as [number[], number[]]
  for (let at = 0; at < Math.min(one.length, two.length); at++) if (one[at] !== two[at]) return one[at]! - two[at]!
  return one.length - two.length
}

export function question(weights: Q[][], rows: number[], columns: Cell[], low: unknown, high: unknown, first: Q, rowNames: unknown, colNames: unknown): Question {
  const [height, width] = [rows.length, columns.length]
  const grid = <T,>(value: T): T[][] => Array.from({ length: height }, () => new Array<T>(width).fill(value))
  const floors = Array.isArray(low) ? list(low, height).map((line) => counts(line, width)) : grid(count(low))
  const caps = high === null ? grid<number | null>(null) : list(high, height).map((line) => list(line, width).map((one) => (one === null ? null : count(one))))
  need(weights.length === height && weights.every((line) => line.length === width))
  const named = [list(rowNames, height), list(colNames, width)] as [string[], string[]]
  need(named.every((names) => new Set(names).size === names.length))
  return { weights, rows, columns, low: floors, high: caps, first, rowNames: named[0], colNames: named[1] }
}
