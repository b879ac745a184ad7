// Exact fractions of whole numbers of any size. No floating point anywhere.

export type Q = { readonly n: bigint; readonly d: bigint }

/** An integer, or a text: "12", "0.35", "p/q". Throws a TypeError for everything else. */
export function exact(value: unknown): Q {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return { n: BigInt(value), d: 1n }
  if (typeof value === 'string') {
    const parts = /^(\d{1,4000})(?:\.(\d{1,4000})|\/(\d{1,4000}))?$/.exec(value)
    if (parts) {
      const [, whole = '0', decimals, below] = parts
      if (decimals !== undefined) return { n: BigInt(whole + decimals), d: 10n ** BigInt(decimals.length) }
      const d = below === undefined ? 1n : BigInt(below)
      if (d > 0n) return { n: BigInt(whole), d }
    }
  }
  throw new TypeError(`not exact: ${String(value).slice(0, 40)}`)
}

/** −1, 0 or 1, as a < b, a = b, a > b. */
export function compare(a: Q, b: Q): number {
  const left = a.n * b.d
  const right = b.n * a.d
  return left < right ? -1 : left > right ? 1 : 0
}

export function gcd(a: bigint, b: bigint): bigint {
  while (b) [a, b] = [b, a % b]
  return a
}

export function reduced(q: Q): Q {
  const by = gcd(q.n < 0n ? -q.n : q.n, q.d) || 1n
  return { n: q.n / by, d: q.d / by }
}

export const plus = (a: Q, b: Q): Q => reduced({ n: a.n * b.d + b.n * a.d, d: a.d * b.d })
export const minus = (a: Q, b: Q): Q => reduced({ n: a.n * b.d - b.n * a.d, d: a.d * b.d })
export const times = (a: Q, b: Q): Q => ({ n: a.n * b.n, d: a.d * b.d })
export const over = (a: Q, b: Q): Q => ({ n: a.n * b.d, d: a.d * b.n })
export const whole = (n: number | bigint): Q => ({ n: BigInt(n), d: 1n })
export const floor = (q: Q): bigint => q.n / q.d
export const ceil = (q: Q): bigint => (q.n + q.d - 1n) / q.d
export const ZERO: Q = { n: 0n, d: 1n }
