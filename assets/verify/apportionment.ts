// Checks a certificate of seats: `lianxi-seat-plan/1` (three steps) or `lianxi-apportionment/1` (one table). The same rules as
// the verifier in Python, written again: nothing here asks a server, and nothing is rounded.
import { ceil, compare, exact, floor, gcd, minus, over, plus, times, whole, ZERO, type Q } from './fractions.ts'
import { sha256 } from './sha256.ts'

export type Line = { holds: boolean; zh: string; en: string }
type Cell = [number, number]
type Tie = { rows: number[]; cols: number[]; cells: Cell[]; open: number }
type Order = { kind: string; seed?: string; listed?: [string, string][] } | null
type Json = Record<string, unknown>

/** What a table must keep, and the table. A cap of null is no cap; a cell without weight has its floor. */
type Table = { weights: Q[][]; rows: number[]; cols: Cell[]; low: number[][]; high: (number | null)[][]; first: Q; seats: number[][] }

class Wrong extends Error {}

/** Every check in turn. A certificate that is no certificate gives one line that does not hold. */
export function check(certificate: unknown): Line[] {
  const lines: Line[] = []
  try {
    const found = certificate as Json
    if (found?.format === 'lianxi-seat-plan/1') plan(found, lines)
    else if (found?.format === 'lianxi-apportionment/1') single(found, lines)
    else lines.push({ holds: false, zh: '认不出这份验算书的格式', en: 'The format of this certificate is not known' })
  } catch (error) {
    if (!(error instanceof Wrong || error instanceof TypeError || error instanceof RangeError)) throw error
    lines.push({ holds: false, zh: '验算书不完整，或者有不能用的数', en: 'The certificate is incomplete or holds a number that cannot be used' })
  }
  return lines
}

/** The signpost above so many seats. */
const at = (seats: number, first: Q): Q => ({ n: BigInt(seats) * first.d + first.n, d: first.d })

// Reading -------------------------------------------------------------------------------------------------------------

function need(holds: boolean): void {
  if (!holds) throw new Wrong()
}
function list(found: unknown, length?: number): unknown[] {
  need(Array.isArray(found) && (length === undefined || (found as unknown[]).length === length))
  return found as unknown[]
}
function count(found: unknown): number {
  need(typeof found === 'number' && Number.isSafeInteger(found) && found >= 0)
  return found as number
}
const counts = (found: unknown, length: number): number[] => list(found, length).map(count)
const table = (found: unknown, height: number, width: number): number[][] => list(found, height).map((line) => counts(line, width))
function positive(found: unknown): Q {
  const q = exact(found)
  need(q.n > 0n)
  return q
}
function names(found: unknown[]): string[] {
  need(found.every((one) => typeof one === 'string' && one !== '') && new Set(found).size === found.length)
  return found as string[]
}
function ties(found: unknown): Tie[] {
  return list(found).map((one) => {
    const tie = one as Json
    const cells = list(tie.cells).map((cell) => counts(cell, 2) as Cell)
    return { rows: list(tie.rows).map(count), cols: list(tie.cols).map(count), cells, open: count(tie.open) }
  })
}
function order(found: unknown): Order {
  if (found === null) return null
  const one = found as NonNullable<Order>
  need(one.kind === 'lot' ? typeof one.seed === 'string' : one.kind === 'vote')
  if (one.kind === 'vote') list(one.listed).forEach((pair) => need(list(pair, 2).every((name) => typeof name === 'string')))
  return one
}
function signpost(found: unknown): Q {
  const [p, q] = counts(found, 2)
  need(p! > 0 && q! > 0 && p! <= q!)
  return { n: BigInt(p!), d: BigInt(q!) }
}

/** JSON with sorted keys and no blanks, as it is hashed. */
export function canonical(found: unknown): string {
  if (Array.isArray(found)) return `[${found.map(canonical).join(',')}]`
  if (found === null || typeof found !== 'object') return JSON.stringify(found)
  const one = found as Json
  return `{${Object.keys(one).sort().map((key) => `${JSON.stringify(key)}:${canonical(one[key])}`).join(',')}}`
}

// One row: a divisor, or largest remainders ----------------------------------------------------------------------------

/** Whether weight ÷ divisor rounds to the seats, unless a bound holds them. */
function rounds(weight: Q, divisor: Q, seats: number, low: number, high: number | null, first: Q): boolean {
  if (weight.n === 0n) return seats === low
  const up = seats > low ? compare(times(divisor, at(seats - 1, first)), weight) <= 0 : true
  const down = high === null || seats < high ? compare(weight, times(divisor, at(seats, first))) <= 0 : true
  return up && down
}

type Thresholds = { gain: number[]; lose: number[] }

function thresholds(weights: Q[], divisor: Q, seats: number[], bounds: [number, number | null][], first: Q): Thresholds {
  const found: Thresholds = { gain: [], lose: [] }
  seats.forEach((had, j) => {
    const [low, high] = bounds[j]!
    const weight = weights[j]!
    if (weight.n === 0n) return
    if ((high === null || had < high) && compare(weight, times(divisor, at(had, first))) === 0) found.gain.push(j)
    if (had > low && compare(weight, times(divisor, at(had - 1, first))) === 0) found.lose.push(j)
  })
  return found
}

function remainders(weights: Q[], divisor: Q, seats: number[], bounds: [number, number | null][]): { right: boolean; edge: Thresholds } {
  const total = seats.reduce((sum, one) => sum + one, 0)
  const quotas = weights.map((weight, j) => {
    const [low, high] = bounds[j]!
    const top = weight.n === 0n ? low : (high ?? total + 1)
    const plain = over(weight, divisor)
    return compare(plain, whole(low)) < 0 ? whole(low) : compare(plain, whole(top)) > 0 ? whole(top) : plain
  })
  let sum = ZERO
  for (const quota of quotas) sum = plus(sum, quota)
  const rests = quotas.map((quota) => minus(quota, whole(floor(quota))))
  const extra = seats.map((had, j) => BigInt(had) - floor(quotas[j]!))
  if (compare(sum, whole(total)) !== 0 || extra.some((one) => one !== 0n && one !== 1n)) return { right: false, edge: { gain: [], lose: [] } }
  const by = (flag: bigint): number[] => extra.flatMap((one, j) => (one === flag ? [j] : []))
  const [without, having] = [by(0n), by(1n)]
  const most = without.reduce<Q>((top, j) => (compare(rests[j]!, top) > 0 ? rests[j]! : top), ZERO)
  const least = having.reduce<Q | null>((low, j) => (low === null || compare(rests[j]!, low) < 0 ? rests[j]! : low), null)
  const right = least === null || (compare(least, most) >= 0 && least.n > 0n)
  const tied = least !== null && compare(least, most) === 0
  const same = (j: number): boolean => tied && compare(rests[j]!, most) === 0
  return { right, edge: { gain: without.filter(same), lose: having.filter(same) } }
}

/** The block of a tie in one row is everything on the threshold, if some can gain and some can lose. */
function blockOf({ gain, lose }: Thresholds): Cell[] {
  return gain.length && lose.length ? [...gain, ...lose].sort((a, b) => a - b).map((j): Cell => [0, j]) : []
}

const key = ([i, j]: Cell): string => `${i},${j}`
const sameCells = (told: Cell[][], found: Cell[][]): boolean => {
  const said = (blocks: Cell[][]): string => blocks.map((cells) => cells.map(key).sort().join(' ')).sort().join('|')
  return said(told) === said(found)
}

// A table ---------------------------------------------------------------------------------------------------------------

function ceiling(t: Table, i: number, j: number): number {
  return t.weights[i]![j]!.n === 0n ? t.low[i]![j]! : (t.high[i]![j] ?? t.rows[i]! + 1)
}

function sums(t: Table): boolean {
  const rows = t.seats.every((line, i) => line.reduce((sum, one) => sum + one, 0) === t.rows[i])
  const cols = t.cols.every(([least, most], j) => {
    const sum = t.seats.reduce((all, line) => all + line[j]!, 0)
    return least <= sum && sum <= most
  })
  return rows && cols && t.seats.every((line, i) => line.every((had, j) => t.low[i]![j]! <= had && had <= Math.max(ceiling(t, i, j), t.low[i]![j]!)))
}

/** The cells that are wrong, and those on a threshold: `gain` may take one seat more, `lose` may give one. */
function cells(t: Table, r: Q[], c: Q[]): { wrong: Cell[]; gain: Cell[]; lose: Cell[] } {
  const found: { wrong: Cell[]; gain: Cell[]; lose: Cell[] } = { wrong: [], gain: [], lose: [] }
  t.seats.forEach((line, i) =>
    line.forEach((had, j) => {
      const weight = t.weights[i]![j]!
      const [low, high] = [t.low[i]![j]!, ceiling(t, i, j)]
      const divisor = times(r[i]!, c[j]!)
      if (had < high) {
        const side = compare(weight, times(divisor, at(had, t.first)))
        if (side > 0) found.wrong.push([i, j])
        else if (side === 0) found.gain.push([i, j])
      }
      if (had > low) {
        const side = compare(times(divisor, at(had - 1, t.first)), weight)
        if (side > 0) found.wrong.push([i, j])
        else if (side === 0) found.lose.push([i, j])
      }
    }),
  )
  return found
}

/** An interval column: its divisor is 1 strictly inside, at most 1 only at the least, at least 1 only at the most. */
function columnsRight(t: Table, c: Q[]): boolean {
  return t.cols.every(([least, most], j) => {
    if (least === most) return true
    const sum = t.seats.reduce((all, line) => all + line[j]!, 0)
    const side = compare(c[j]!, whole(1))
    return side === 0 || (side < 0 && sum === least) || (side > 0 && sum === most)
  })
}

/** Strongly connected parts of the graph unit → trade (gain), trade → unit (lose): optimal tables differ inside them, and nowhere else. */
function blocks(t: Table, c: Q[], gain: Cell[], lose: Cell[]): Cell[][] {
  const height = t.rows.length
  const nodes = height + t.cols.length + 1
  const arcs: number[][] = Array.from({ length: nodes }, () => [])
  const link = (from: number, to: number): void => void arcs[from]!.push(to)
  gain.forEach(([i, j]) => link(i, height + j))
  lose.forEach(([i, j]) => link(height + j, i))
  t.cols.forEach(([least, most], j) => {
    const sum = t.seats.reduce((all, line) => all + line[j]!, 0)
    if (compare(c[j]!, whole(1)) !== 0) return
    if (sum < most) link(height + j, nodes - 1)
    if (sum > least) link(nodes - 1, height + j)
  })
  const part = strong(arcs)
  const byPart = new Map<number, Cell[]>()
  for (const [i, j] of [...gain, ...lose]) {
    if (part[i] !== part[height + j]) continue
    const cells = byPart.get(part[i]!) ?? []
    if (!cells.some((one) => one[0] === i && one[1] === j)) cells.push([i, j])
    byPart.set(part[i]!, cells)
  }
  return [...byPart.values()]
}

/** Number of the strongly connected part of each node (Tarjan, without recursion). */
export function strong(arcs: number[][]): number[] {
  const index = new Array<number>(arcs.length).fill(-1)
  const low = new Array<number>(arcs.length).fill(0)
  const part = new Array<number>(arcs.length).fill(-1)
  const stack: number[] = []
  let [clock, parts] = [0, 0]
  for (let root = 0; root < arcs.length; root++) {
    if (index[root] !== -1) continue
    const work: [number, number][] = [[root, 0]]
    while (work.length) {
      const top = work[work.length - 1]!
      const [at, next] = top
      if (next === 0) {
        index[at] = low[at] = clock++
        stack.push(at)
      }
      const to = arcs[at]![next]
      if (to !== undefined) {
        top[1]++
        if (index[to] === -1) work.push([to, 0])
        else if (part[to] === -1) low[at] = Math.min(low[at]!, index[to]!)
        continue
      }
      work.pop()
      const above = work[work.length - 1]
      if (above) low[above[0]] = Math.min(low[above[0]]!, low[at]!)
      if (low[at] === index[at]) {
        let node: number
        do {
          node = stack.pop()!
          part[node] = parts
        } while (node !== at)
        parts++
      }
    }
  }
  return part
}

// The public order --------------------------------------------------------------------------------------------------------

function sorted(by: NonNullable<Order>, cells: Cell[], rowNames: string[], colNames: string[]): Cell[] {
  if (by.kind === 'lot') {
    const lots = cells.map((cell): [string, Cell] => [sha256(`${by.seed}|${rowNames[cell[0]]}|${colNames[cell[1]]}`), cell])
    return lots.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0)).map(([, cell]) => cell)
  }
  const rank = new Map<string, number>()
  by.listed!.forEach(([unit, trade], at) => rank.has(`${unit}\u0000${trade}`) || rank.set(`${unit}\u0000${trade}`, at))
  const last = by.listed!.length
  const claim = ([i, j]: Cell): number => {
    const [unit, trade] = [rowNames[i]!, colNames[j]!]
    return Math.min(...[[unit, trade], [unit, ''], ['', trade], [trade, '']].map(([a, b]) => rank.get(`${a}\u0000${b}`) ?? last))
  }
  return cells.map((cell, at): [number, number, Cell] => [claim(cell), at, cell]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, , cell]) => cell)
}

/** Whether the open seats of a row went to those who come first. */
function rowFollows(by: NonNullable<Order>, tie: Tie, having: Set<number>, names: string[]): boolean {
  const ranked = sorted(by, tie.cells, [''], names)
  return ranked.every(([, j], at) => having.has(j) === at < tie.open)
}

/** Whether each tied cell, in the order, has its open seat as far as the sums allow it with those before it. */
function tableFollows(by: NonNullable<Order>, t: Table, told: Tie[], lose: Cell[], rowNames: string[], colNames: string[]): boolean {
  const held = new Set(lose.map(key))
  const open = new Map<string, boolean>()
  const all = told.flatMap((tie) => tie.cells).sort((a, b) => a[0] - b[0] || a[1] - b[1])
  all.forEach((cell) => open.set(key(cell), held.has(key(cell))))
  const fixed = new Set<string>()
  for (const cell of sorted(by, all, rowNames, colNames)) {
    const name = key(cell)
    if (!open.get(name)) {
      const path = way(all, open, fixed, cell)
      if (path) return false // an earlier one could still have had the seat
    }
    fixed.add(name)
  }
  return t.seats.length > 0
}

/** A chain of tied cells that frees a seat for `goal` without touching those that are fixed; null if there is none. */
function way(all: Cell[], open: Map<string, boolean>, fixed: Set<string>, goal: Cell): Cell[] | null {
  const before = new Map<number, Cell[]>([[goal[1], []]])
  const queue = [goal[1]]
  while (queue.length) {
    const column = queue.shift()!
    const so = before.get(column)!
    for (const giver of all.filter((one) => one[1] === column && open.get(key(one)) && !fixed.has(key(one)))) {
      if (giver[0] === goal[0]) return [...so, giver]
      for (const taker of all.filter((one) => one[0] === giver[0] && !open.get(key(one)) && !fixed.has(key(one)))) {
        if (before.has(taker[1])) continue
        before.set(taker[1], [...so, giver, taker])
        queue.push(taker[1])
      }
    }
  }
  return null
}

// Step B: which exchanges the table allows ----------------------------------------------------------------------------------

/** reach[j][k]: a seat of trade j can become one of trade k through units that exchange seats. */
function reach(t: Table): boolean[][] {
  const width = t.cols.length
  const found = Array.from({ length: width }, (_, j) => Array.from({ length: width }, (_, k) => j === k))
  t.seats.forEach((line, i) => {
    const give = line.map((had, j) => had > t.low[i]![j]!)
    const take = line.map((had, j) => had < ceiling(t, i, j))
    give.forEach((can, j) => can && take.forEach((may, k) => may && (found[j]![k] = true)))
  })
  for (let via = 0; via < width; via++)
    for (let j = 0; j < width; j++) if (found[j]![via]) for (let k = 0; k < width; k++) if (found[via]![k]) found[j]![k] = true
  return found
}

// The certificates --------------------------------------------------------------------------------------------------------

function verdictTies(told: Tie[], unique: unknown, found: Cell[][]): boolean {
  return unique === (told.length === 0) && sameCells(told.map((tie) => tie.cells), found)
}

function plan(found: Json, lines: Line[]): void {
  const say = (holds: boolean, zh: string, en: string): void => void lines.push({ holds, zh, en })
  const [a, b, c] = [found.a, found.b, found.c] as Json[]
  need(!!a && !!b && !!c)
  const seats = count(found.seats)
  const first = signpost(found.rounding)
  const by = order(found.order)
  const units = list(found.units).map((one) => list(one, 4))
  const unitNames = names(units.map((one) => one[0]))
  const trades = list(found.trades).map((one) => list(one, 3))
  const tradeNames = names(trades.map((one) => one[0]))
  const told: Json = {}
  for (const name of ['seats', 'rule', 'rounding', 'weights', 'units', 'unit_bounds', 'trades', 'counts', 'cell_floor', 'cell_cap', 'rules']) told[name] = found[name]
  say(sha256(canonical(told)) === found.input, '人数和要求的指纹对得上', 'The fingerprint of figures and demands agrees')

  // A
  const weighing = found.weights as Json
  const claims = unitNames.map(() => ZERO)
  ;['members', 'organisations', 'population'].forEach((name, m) => {
    const weight = exact(weighing[name])
    if (weight.n === 0n) return
    let total = ZERO
    for (const one of units) total = plus(total, exact(one[m + 1]))
    need(total.n > 0n)
    units.forEach((one, i) => (claims[i] = plus(claims[i]!, over(times(weight, exact(one[m + 1])), total))))
  })
  const unitSeats = counts(a!.seats, units.length)
  const bounds = list(found.unit_bounds, units.length).map((pair): [number, number | null] => {
    const [low, high] = list(pair, 2)
    return [count(low), high === null ? null : count(high)]
  })
  const divisor = positive(a!.divisor)
  const inside = unitSeats.every((had, i) => bounds[i]![0] <= had && (bounds[i]![1] === null || had <= bounds[i]![1]!))
  say(inside && unitSeats.reduce((sum, one) => sum + one, 0) === seats, `第一步：各单位加起来是${seats}席，都在最少和最多之间`, `Step A: the units have ${seats} seats together, each within its bounds`)
  let edge: Thresholds
  if (found.rule === 'hamilton') {
    const rest = remainders(claims, divisor, unitSeats, bounds)
    edge = rest.edge
    say(rest.right, '第一步：整数部分加最大余数', 'Step A: whole parts, then the largest remainders')
  } else {
    need(found.rule === 'webster' || found.rule === 'dhondt')
    const post: Q = found.rule === 'dhondt' ? whole(1) : { n: 1n, d: 2n }
    edge = thresholds(claims, divisor, unitSeats, bounds, post)
    const right = unitSeats.every((had, i) => rounds(claims[i]!, divisor, had, bounds[i]![0], bounds[i]![1], post))
    say(right, '第一步：每个单位的权数除以同一个除数，取整得席数', 'Step A: every weight divided by the one divisor rounds to the seats')
  }
  const tiesA = ties(a!.ties)
  const blockA = blockOf(edge)
  say(verdictTies(tiesA, a!.unique, blockA.length ? [blockA] : []), '第一步：并列说全了', 'Step A: ties are told, and all of them')

  // C is read before B: it says which exchanges are possible
  const weights = list(found.counts, units.length).map((line) => counts(line, trades.length).map(whole))
  const tradeSeats = counts(b!.seats, trades.length)
  const t: Table = {
    weights, rows: unitSeats, cols: tradeSeats.map((one): Cell => [one, one]), first,
    low: table(found.cell_floor, units.length, trades.length),
    high: list(found.cell_cap, units.length).map((line) => list(line, trades.length).map((one) => (one === null ? null : count(one)))),
    seats: table(c!.seats, units.length, trades.length),
  }

  // B
  const persons = weights.map((line) => line.reduce((all, one) => all + one.n, 0n))
  const base = persons.reduce((all, one) => (one ? (all / gcd(all, one)) * one : all), 1n)
  const shares = tradeNames.map((_, j): Q => {
    const n = weights.reduce((all, line, i) => (line[j]!.n ? all + BigInt(unitSeats[i]!) * line[j]!.n * (base / persons[i]!) : all), 0n)
    return { n, d: base }
  })
  const limits = trades.map((one): [number, number] => {
    const [least, most] = [exact(one[1]), exact(one[2])]
    const top = compare(most, whole(1)) > 0 ? whole(1) : most
    return [Number(ceil(times(least, whole(seats)))), Number(floor(times(top, whole(seats))))]
  })
  const divisors = list(b!.divisors, trades.length).map(positive)
  const skips = list(b!.skips)
  const within = tradeSeats.every((had, j) => limits[j]![0] <= had && had <= limits[j]![1])
  say(within && tradeSeats.reduce((sum, one) => sum + one, 0) === seats, `第二步：各行业加起来是${seats}席，都在比例以内`, `Step B: the trades have ${seats} seats together, each within its share`)
  const rightB = tradeSeats.every((had, j) => rounds(shares[j]!, divisors[j]!, had, limits[j]![0], limits[j]![1], first))
  const can = reach(t)
  const steady = divisors.every((one, j) => divisors.every((other, k) => !can[j]![k] || compare(other, one) <= 0))
  const alike = divisors.every((one) => compare(one, divisors[0]!) === 0)
  say(rightB && (alike || (skips.length > 0 && steady)), '第二步：每个行业的应得除以除数，取整得席数', 'Step B: every share divided by its divisor rounds to the seats')
  const pairs: Cell[] = []
  shares.forEach((share, j) =>
    shares.forEach((other, k) => {
      if (j === k || !can[j]![k] || tradeSeats[j]! <= limits[j]![0] || tradeSeats[k]! >= limits[k]![1]) return
      if (compare(times(share, at(tradeSeats[k]!, first)), times(other, at(tradeSeats[j]! - 1, first))) === 0) pairs.push([j, k])
    }),
  )
  const tiesB = ties(b!.ties)
  say(verdictTies(tiesB, b!.unique, joined(pairs)), '第二步：并列说全了', 'Step B: ties are told, and all of them')

  // C
  checkTable(t, c!, by, unitNames, tradeNames, say, ['第三步', 'Step C'])

  if (by) {
    const hold = new Set(edge.lose)
    const followsA = tiesA.every((tie) => rowFollows(by, tie, hold, unitNames))
    const givers = new Set(pairs.map(([j]) => j))
    const followsB = skips.length > 0 || tiesB.every((tie) => rowFollows(by, tie, givers, tradeNames))
    say(followsA && followsB, '并列的席位照公开的次序给了', 'Tied seats went by the public order')
  }
}

/** Trades that share a tie, joined. */
function joined(pairs: Cell[]): Cell[][] {
  const part = new Map<number, number>()
  const root = (one: number): number => {
    let at = one
    while ((part.get(at) ?? at) !== at) at = part.get(at)!
    return at
  }
  for (const [j, k] of pairs) part.set(root(j), root(k))
  const found = new Map<number, Set<number>>()
  for (const [j, k] of pairs) {
    const at = root(j)
    const cells = found.get(at) ?? new Set<number>()
    cells.add(j).add(k)
    found.set(at, cells)
  }
  return [...found.values()].map((block) => [...block].sort((x, y) => x - y).map((j): Cell => [0, j]))
}

function checkTable(t: Table, c: Json, by: Order, rowNames: string[], colNames: string[], say: (holds: boolean, zh: string, en: string) => void, [zh, en]: [string, string]): void {
  const r = list(c.row_divisors, t.rows.length).map(positive)
  const cols = list(c.col_divisors, t.cols.length).map(positive)
  say(sums(t), `${zh}：行和列的合计都对，每格都在最少和最多之间`, `${en}: rows and columns add up, every cell within its bounds`)
  const { wrong, gain, lose } = cells(t, r, cols)
  const bad = wrong.slice(0, 3).map(([i, j]) => `${rowNames[i]}×${colNames[j]}`).join(' ')
  const right = wrong.length === 0 && columnsRight(t, cols)
  say(right, `${zh}：${t.rows.length}×${t.cols.length}格，每格人数除以行除数、列除数，取整得席数${bad && `（不对：${bad}）`}`, `${en}: ${t.rows.length}×${t.cols.length} cells, each weight divided by both divisors rounds to its seats${bad && ` (wrong: ${bad})`}`)
  const told = ties(c.ties)
  const found = blocks(t, cols, gain, lose)
  say(verdictTies(told, c.unique, found), `${zh}：并列说全了`, `${en}: ties are told, and all of them`)
  if (by && told.length) say(tableFollows(by, t, told, lose, rowNames, colNames), `${zh}：并列的席位照公开的次序给了`, `${en}: tied seats went by the public order`)
}

/** One table, as `biproportional`, `divisor` and `hamilton` write it. */
function single(found: Json, lines: Line[]): void {
  const say = (holds: boolean, zh: string, en: string): void => void lines.push({ holds, zh, en })
  const codes = found.codes as Json
  const [rowNames, colNames] = [list(codes.rows) as string[], names(list(codes.cols))]
  const [height, width] = [rowNames.length, colNames.length]
  const first = signpost(found.rounding)
  const by = order(found.order)
  const told: Json = {}
  for (const name of ['rounding', 'codes', 'weights', 'row_seats', 'col_seats', 'floor', 'cap', 'rules', 'rule']) if (name in found) told[name] = found[name]
  say(sha256(canonical(told)) === found.input, '人数和要求的指纹对得上', 'The fingerprint of figures and demands agrees')
  const t: Table = {
    weights: list(found.weights, height).map((line) => list(line, width).map(exact)),
    rows: counts(found.row_seats, height), first,
    cols: list(found.col_seats, width).map((pair) => counts(pair, 2) as Cell),
    low: found.floor === 0 ? Array.from({ length: height }, () => new Array<number>(width).fill(0)) : table(found.floor, height, width),
    high: found.cap === null ? Array.from({ length: height }, () => new Array<null>(width).fill(null)) : list(found.cap, height).map((line) => list(line, width).map((one) => (one === null ? null : count(one)))),
    seats: table(found.seats, height, width),
  }
  if (found.rule === 'hamilton') {
    const bounds = t.low[0]!.map((low, j): [number, number | null] => [low, t.high[0]![j]!])
    const rest = remainders(t.weights[0]!, positive(list(found.row_divisors, 1)[0]), t.seats[0]!, bounds)
    const blockA = blockOf(rest.edge)
    const toldTies = ties(found.ties)
    say(sums(t) && rest.right, '整数部分加最大余数', 'Whole parts, then the largest remainders')
    say(verdictTies(toldTies, found.unique, blockA.length ? [blockA] : []), '并列说全了', 'Ties are told, and all of them')
    if (by) say(toldTies.every((tie) => rowFollows(by, tie, new Set(rest.edge.lose), colNames)), '并列的席位照公开的次序给了', 'Tied seats went by the public order')
    return
  }
  checkTable(t, found, by, rowNames, colNames, say, ['名额表', 'The table'])
}
