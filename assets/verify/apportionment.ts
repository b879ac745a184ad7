// Checks a certificate of seats: `lianxi-seat-plan/1` (three steps) or `lianxi-apportionment/1` (one table). The same rules as
// the verifier in Python, written again for a browser: nothing here asks a server, nothing is rounded, and it believes nothing
// that it can work out itself. (Balinski & Demange 1989; Pukelsheim 2017.)
import { ceil, compare, exact, floor, gcd, minus, over, plus, times, whole, ZERO, type Q } from './fractions.ts'
import { Wrong, canonical, count, counts, list, need, order, pair, positive, question, rounding, type Cell, type Json, type Order, type Question } from './reading.ts'
import { sha256 } from './sha256.ts'

export type Line = { holds: boolean; zh: string; en: string }
type Say = (holds: boolean, zh: string, en: string) => void
type Block = { cells: Cell[]; held: Cell[]; ways: number | null }

const PROOF = new Set(['format', 'seats', 'row_divisors', 'col_divisors', 'unique', 'ties', 'order', 'input', 'a', 'b', 'c'])
/** Ways to share the tied seats of a block are counted while so many states suffice. */
const STATES = 5000
const ONE = whole(1)

/** Every check in turn. A certificate that lacks something ends with a line that does not hold. */
export function check(certificate: unknown): Line[] {
  const lines: Line[] = []
  const say: Say = (holds, zh, en) => void lines.push({ holds, zh, en })
  try {
    const found = certificate as Json
    const isPlan = found.format === 'lianxi-seat-plan/1'
    need(isPlan || found.format === 'lianxi-apportionment/1')
    const demand = Object.fromEntries(Object.entries(found).filter(([name]) => !PROOF.has(name) || (name === 'seats' && isPlan)))
    say(found.input === sha256(canonical(demand)), '题目与其校验值相符', 'the demand agrees with its SHA-256')
    const by = order(found.order)
    if (isPlan) plan(found, by, say)
    else single(found, by, say)
  } catch (error) {
    if (!(error instanceof Wrong || error instanceof TypeError || error instanceof RangeError)) throw error
    say(false, '证书不完整或写法不对', 'the certificate is incomplete or malformed')
  }
  return lines
}

// A table ---------------------------------------------------------------------------------------------------------------

const at = (seats: number, first: Q): Q => ({ n: BigInt(seats) * first.d + first.n, d: first.d })
const sum = (line: readonly number[]): number => line.reduce((all, one) => all + one, 0)
const name = ([i, j]: Cell): string => `${i},${j}`
const byPlace = (a: Cell, b: Cell): number => a[0] - b[0] || a[1] - b[1]

/** What the divisors of a table prove: wrong cells (none if it is best), cells that may gain or lose a seat at no loss. */
class Proved {
  readonly fits: boolean
  readonly levels: boolean
  readonly wrong: Cell[] = []
  readonly gain = new Map<string, Cell>()
  readonly lose = new Map<string, Cell>()
  readonly grows: Set<number>
  readonly shrinks: Set<number>
  readonly room: Cell[]

  constructor(q: Question, x: number[][], r: Q[], c: Q[]) {
    need(x.length === q.rows.length && x.every((line) => line.length === q.columns.length))
    need(r.length === q.rows.length && c.length === q.columns.length)
    const totals = q.columns.map((_, j) => sum(x.map((line) => line[j]!)))
    const inside = x.every((line, i) => line.every((n, j) => n >= q.low[i]![j]! && (q.high[i]![j] === null || n <= q.high[i]![j]!)))
    this.fits = inside && x.every((line, i) => sum(line) === q.rows[i]) && totals.every((n, j) => q.columns[j]![0] <= n && n <= q.columns[j]![1])
    x.forEach((line, i) =>
      line.forEach((n, j) => {
        const weight = q.weights[i]![j]!
        const divisor = times(r[i]!, c[j]!)
        const cap = q.high[i]![j] ?? null
        if (cap === null || n < cap) {
          const side = compare(weight, times(divisor, at(n, q.first)))
          if (side > 0) this.wrong.push([i, j])
          else if (side === 0) this.gain.set(name([i, j]), [i, j])
        }
        if (n > q.low[i]![j]!) {
          const side = compare(weight, times(divisor, at(n - 1, q.first)))
          if (side < 0) this.wrong.push([i, j])
          else if (side === 0) this.lose.set(name([i, j]), [i, j])
        }
      }),
    )
    const grows = q.columns.flatMap(([, most], j) => (totals[j]! < most ? [j] : []))
    const shrinks = q.columns.flatMap(([least], j) => (totals[j]! > least ? [j] : []))
    this.levels = grows.every((j) => compare(c[j]!, ONE) <= 0) && shrinks.every((j) => compare(c[j]!, ONE) >= 0)
    this.room = totals.map((n, j): Cell => [n - q.columns[j]![0], q.columns[j]![1] - n])
    const still = (j: number): boolean => compare(c[j]!, ONE) === 0
    this.grows = new Set(grows.filter(still))
    this.shrinks = new Set(shrinks.filter(still))
  }

  /** Which seat may make room for which: row → column and back; one node stands for all columns that may grow or shrink. */
  arcs(settled: Set<string>): Map<string, string[]> {
    const found = new Map<string, string[]>()
    const link = (from: string, to: string): void => void (found.get(from)?.push(to) ?? found.set(from, [to]))
    for (const [key, [i, j]] of this.gain) if (!settled.has(key)) link(`r${i}`, `c${j}`)
    for (const [key, [i, j]] of this.lose) if (!settled.has(key)) link(`c${j}`, `r${i}`)
    for (const j of this.grows) link(`c${j}`, '*')
    for (const j of this.shrinks) link('*', `c${j}`)
    return found
  }

  /** The ties: blocks of cells in which best tables differ. */
  blocks(): Block[] {
    const part = components(this.arcs(new Set()))
    const inside = new Map<number, Cell[]>()
    const edge = new Map([...this.gain, ...this.lose])
    for (const [i, j] of [...edge.values()].sort(byPlace)) {
      const own = part.get(`r${i}`)
      if (own !== undefined && own === part.get(`c${j}`)) (inside.get(own) ?? inside.set(own, []).get(own)!).push([i, j])
    }
    return [...inside.values()].map((cells) => ({ cells, held: cells.filter((one) => this.lose.has(name(one))), ways: this.ways(cells) }))
  }

  /** In how many ways the seats of a block can lie: row by row, with the sums of the columns as state. */
  ways(cells: Cell[]): number | null {
    const cols = [...new Set(cells.map(([, j]) => j))].sort((a, b) => a - b)
    const has = (cell: Cell): number => (this.lose.has(name(cell)) ? 1 : 0)
    const sums = cols.map((k) => sum(cells.filter(([, j]) => j === k).map(has)))
    const low = sums.map((n, place) => n - (this.shrinks.has(cols[place]!) ? this.room[cols[place]!]![0] : 0))
    const high = sums.map((n, place) => n + (this.grows.has(cols[place]!) ? this.room[cols[place]!]![1] : 0))
    let states = new Map<string, bigint>([[cols.map(() => 0).join(), 1n]])
    for (const row of [...new Set(cells.map(([i]) => i))].sort((a, b) => a - b)) {
      const own = cells.filter(([i]) => i === row)
      const seats = sum(own.map(has))
      let step = new Map([...states].map(([state, n]): [string, bigint] => [`${state}|${seats}`, n]))
      for (const [, j] of own) {
        const place = cols.indexOf(j)
        const more = new Map(step)
        for (const [key, n] of step) {
          const [text, left] = key.split('|') as [string, string]
          const state = text.split(',').map(Number)
          if (Number(left) === 0 || state[place]! >= high[place]!) continue
          state[place]!++
          const next = `${state.join()}|${Number(left) - 1}`
          more.set(next, (more.get(next) ?? 0n) + n)
        }
        step = more
        if (step.size > STATES) return null
      }
      states = new Map([...step].filter(([key]) => key.endsWith('|0')).map(([key, n]): [string, bigint] => [key.split('|')[0]!, n]))
    }
    let all = 0n
    for (const [text, n] of states) if (text.split(',').every((one, place) => Number(one) >= low[place]!)) all += n
    return Number(all)
  }

  /** Whether each cell, in this order, has its open seat unless those before it leave no way to give it one. */
  firstBy(ordered: Cell[]): boolean {
    const settled = new Set<string>()
    for (const [i, j] of ordered) {
      settled.add(name([i, j]))
      if (!this.gain.has(name([i, j]))) continue
      const arcs = this.arcs(settled)
      const [seen, ahead] = [new Set([`c${j}`]), [`c${j}`]]
      while (ahead.length)
        for (const near of arcs.get(ahead.pop()!) ?? []) {
          if (near === `r${i}`) return false
          if (!seen.has(near)) {
            seen.add(near)
            ahead.push(near)
          }
        }
    }
    return true
  }
}

/** Strongly connected components: two searches, forwards and back (Kosaraju). */
export function components(arcs: Map<string, string[]>): Map<string, number> {
  const back = new Map<string, string[]>()
  for (const [one, others] of arcs) for (const other of others) (back.get(other) ?? back.set(other, []).get(other)!).push(one)
  const done: string[] = []
  const seen = new Set<string>()
  for (const root of arcs.keys()) {
    const work: [string, boolean][] = [[root, false]]
    while (work.length) {
      const [one, left] = work.pop()!
      if (left) done.push(one)
      else if (!seen.has(one)) {
        seen.add(one)
        work.push([one, true], ...(arcs.get(one) ?? []).map((near): [string, boolean] => [near, false]))
      }
    }
  }
  const part = new Map<string, number>()
  done.reverse().forEach((root, number) => {
    const ahead = [root]
    while (ahead.length) {
      const one = ahead.pop()!
      if (part.has(one)) continue
      part.set(one, number)
      ahead.push(...(back.get(one) ?? []))
    }
  })
  return part
}

/** Tied cells in their public order: by lot, SHA-256 of "seed|unit|trade"; or as voted, what is not listed last. */
function ranked(by: NonNullable<Order>, cells: Cell[], rows: string[], cols: string[]): Cell[] {
  const claims = cells.map(([i, j]): string | number => (by.kind === 'lot' ? sha256(`${by.seed}|${rows[i]}|${cols[j]}`) : voted(by, rows[i]!, cols[j]!)))
  const places = cells.map((_, place) => place)
  places.sort((a, b) => (claims[a]! < claims[b]! ? -1 : claims[a]! > claims[b]! ? 1 : a - b))
  return places.map((place) => cells[place]!)
}
function voted(by: NonNullable<Order>, unit: string, trade: string): number {
  const rank = (u: string, t: string): number => {
    const found = by.listed!.findIndex(([one, two]) => one === u && two === t)
    return found < 0 ? Infinity : found
  }
  const found = Math.min(rank(unit, trade), rank(unit, ''), rank('', trade), rank(trade, ''))
  return found === Infinity ? by.listed!.length : found
}

/** Lines about ties: exactly those told, and decided by the order if there is one. */
function tiesHold(told: Json, blocks: Block[], by: Order, holds: boolean, say: Say): void {
  const places = (found: number[]): number[] => [...new Set(found)].sort((a, b) => a - b)
  const listed = list(told.ties).map((one) => {
    const tie = one as Json
    const cells = list(tie.cells).map(pair).sort(byPlace)
    return JSON.stringify([cells, count(tie.open), tie.solutions, counts(tie.rows).sort((a, b) => a - b), counts(tie.cols).sort((a, b) => a - b)])
  })
  const found = blocks.map(({ cells, held, ways }) => JSON.stringify([cells, held.length, ways, places(cells.map(([i]) => i)), places(cells.map(([, j]) => j))]))
  const right = JSON.stringify(listed.sort()) === JSON.stringify(found.sort()) && told.unique === (blocks.length === 0)
  say(right, blocks.length ? '并列情况如实列出' : '答案唯一', blocks.length ? 'the ties are exactly those listed' : 'the answer is unique')
  if (by && blocks.length) say(holds, '并列席位按公布的顺序决定', 'the tied seats follow the published order')
}

/** A table is in its bounds, best possible, and its ties are told. */
function table(q: Question, told: Json, by: Order, say: Say, zh = '', en = ''): void {
  const x = list(told.seats).map((line) => counts(line))
  const proved = new Proved(q, x, list(told.row_divisors).map(positive), list(told.col_divisors).map(positive))
  say(proved.fits, `${zh}各项合计与上下限相符`, `${en}totals, least and most seats add up`)
  const where = proved.wrong.slice(0, 1).map(([i, j]) => `${q.rowNames[i]}×${q.colNames[j]}`)
  const right = proved.wrong.length === 0 && proved.levels
  say(right, `${zh}每格的得数都在两个取整界之间：没有更合比例的分法${where.map((one) => `；${one}不符`).join('')}`, `${en}every quotient lies between its signposts: no table is better${where.map((one) => `; not ${one}`).join('')}`)
  const blocks = proved.blocks()
  const cells = blocks.flatMap((block) => block.cells).sort(byPlace)
  tiesHold(told, blocks, by, by === null || proved.firstBy(ranked(by, cells, q.rowNames, q.colNames)), say)
}

/** Largest remainders in one row: quotas clipped to floors and caps, their whole parts, then the largest remainders. */
function remainders(q: Question, told: Json, by: Order, say: Say, zh = '', en = ''): void {
  const x = counts(list(told.seats, 1)[0], q.columns.length)
  const divisor = exact(list(told.row_divisors, 1)[0])
  need(divisor.n !== 0n)
  const quotas = q.weights[0]!.map((weight, j) => {
    const low = whole(q.low[0]![j]!)
    const cap = weight.n === 0n ? q.low[0]![j]! : (q.high[0]![j] ?? null)
    const plain = over(weight, divisor)
    const raised = compare(plain, low) < 0 ? low : plain
    return cap !== null && compare(raised, whole(cap)) > 0 ? whole(cap) : raised
  })
  const all = quotas.reduce(plus, ZERO)
  const up = x.map((n, j) => BigInt(n) - floor(quotas[j]!))
  const rest = quotas.map((one) => minus(one, whole(floor(one))))
  const fits = divisor.n > 0n && compare(all, whole(sum(x))) === 0 && sum(x) === q.rows[0] && list(told.col_divisors, x.length).every((one) => compare(exact(one), ONE) === 0)
  say(fits, `${zh}应得数合计等于总席位`, `${en}the quotas add up to the seats`)
  const least = rest.reduce<Q>((low, one, j) => (up[j] !== 0n && compare(one, low) < 0 ? one : low), ONE)
  const most = rest.reduce<Q>((top, one, j) => (up[j] === 0n && compare(one, top) > 0 ? one : top), ZERO)
  const right = up.every((one) => one === 0n || one === 1n) && compare(least, most) >= 0 && least.n > 0n
  say(right, `${zh}余数大者先得`, `${en}the largest remainders come first`)
  const cells = compare(least, most) === 0 ? rest.flatMap((one, j): Cell[] => (compare(one, least) === 0 ? [[0, j]] : [])) : []
  const held = cells.filter(([, j]) => up[j] !== 0n)
  const blocks: Block[] = cells.length ? [{ cells, held, ways: choose(cells.length, held.length) }] : []
  const having = new Set(held.map(name))
  const follows = by === null || ranked(by, cells, q.rowNames, q.colNames).slice(0, held.length).every((one) => having.has(name(one)))
  tiesHold(told, blocks, by, follows, say)
}
function choose(n: number, k: number): number {
  let found = 1n
  for (let one = 1n; one <= BigInt(k); one++) found = (found * (BigInt(n) - one + 1n)) / one
  return Number(found)
}

// Step B ----------------------------------------------------------------------------------------------------------------

/** Seats of the trades are the best that any table can have: where a seat of trade j could become one of trade k through
 *  units that exchange seats, the divisor of k is not above that of j. With one divisor for all, nothing was skipped. */
function totals(q: Question, shares: Q[], told: Json, x: number[][], by: Order, say: Say): void {
  const t = counts(told.seats, q.columns.length)
  const d = list(told.divisors, t.length).map(exact)
  const some = t.map((_, j) => j)
  const fits = some.every((j) => sum(x.map((line) => line[j]!)) === t[j] && q.columns[j]![0] <= t[j]! && t[j]! <= q.columns[j]![1])
  say(fits, '乙 各行业席位与表相符，并在上下限之内', "B: the trades' seats agree with the table and their bounds")
  const claim = some.map((j) => (t[j]! < q.columns[j]![1] ? over(shares[j]!, at(t[j]!, q.first)) : null))
  const hold = some.map((j) => (t[j]! > q.columns[j]![0] ? over(shares[j]!, at(t[j]! - 1, q.first)) : null))
  const step = exchanges(q, x)
  const between = some.every((j) => d[j]!.n > 0n && (!claim[j] || compare(claim[j]!, d[j]!) <= 0) && (!hold[j] || compare(hold[j]!, d[j]!) >= 0))
  const steady = some.every((j) => some.every((k) => j === k || !step[j]![k] || compare(d[k]!, d[j]!) <= 0))
  say(between && steady, '乙 得数取整即各行业席位，任何可行的调换都不更合比例', 'B: the quotients round to the seats, and no exchange that a table allows is better')
  for (const via of some) for (const j of some) if (step[j]![via]) for (const k of some) if (step[via]![k]) step[j]![k] = true
  const skips = list(told.skips).map((one) => one as Json)
  say(skipsHold(q, t, claim, hold, step, skips), skips.length ? '乙 跳过的席位确实无处安排' : '乙 没有跳过席位', skips.length ? 'B: the seats skipped could not be placed' : 'B: no seat was skipped')
  const pairs = some.flatMap((j) => some.flatMap((k): Cell[] => (j !== k && hold[j] && claim[k] && compare(hold[j]!, claim[k]!) === 0 && step[j]![k] ? [[j, k]] : [])))
  const blocks = joined(pairs)
  const place = new Map(by ? ranked(by, some.map((j): Cell => [0, j]), [''], q.colNames).map(([, j], rank): Cell => [j, rank]) : [])
  tiesHold(told, blocks, by, by === null || pairs.every(([j, k]) => place.get(j)! < place.get(k)!), say)
}

/** step[j][k]: some unit could give a seat of trade j to trade k. */
function exchanges(q: Question, x: number[][]): boolean[][] {
  const found = q.columns.map(() => q.columns.map(() => false))
  x.forEach((line, i) => {
    const take = line.flatMap((n, k) => (q.high[i]![k] === null || n < q.high[i]![k]! ? [k] : []))
    line.forEach((n, j) => n > q.low[i]![j]! && take.forEach((k) => (found[j]![k] = true)))
  })
  return found
}

function skipsHold(q: Question, t: number[], claim: (Q | null)[], hold: (Q | null)[], step: boolean[][], skips: Json[]): boolean {
  const least = hold.reduce<Q | null>((low, one) => (one && (!low || compare(one, low) < 0) ? one : low), null)
  const told = new Set(skips.map((one) => one.trade))
  const needed = claim.flatMap((one, k) => (one && least && compare(one, least) > 0 ? [q.colNames[k]] : []))
  return (
    told.size === skips.length &&
    needed.every((trade) => told.has(trade)) &&
    skips.every((one) => {
      const k = q.colNames.indexOf(one.trade as string)
      const full = new Set(list(one.full).map((other) => q.colNames.indexOf(other as string)))
      need(k >= 0 && !full.has(-1))
      const here = claim[k]
      if (!full.has(k) || one.seat !== t[k]! + 1 || one.have !== sum([...full].map((j) => t[j]!)) || !here) return false
      return t.every((_, j) => full.has(j) || (![...full].some((i) => step[j]![i]) && (!hold[j] || compare(hold[j]!, here) <= 0)))
    })
  )
}

/** Trades that share a tie, as blocks. */
function joined(pairs: Cell[]): Block[] {
  const group = new Map<number, number>()
  for (const [j, k] of pairs) group.set(j, j).set(k, k)
  for (let round = 0; round < pairs.length; round++)
    for (const [j, k] of pairs) {
      const low = Math.min(group.get(j)!, group.get(k)!)
      group.set(j, low).set(k, low)
    }
  const givers = new Set(pairs.map(([j]) => j))
  return [...new Set(group.values())].sort((a, b) => a - b).map((one): Block => {
    const cells = [...group.keys()].filter((j) => group.get(j) === one).sort((a, b) => a - b).map((j): Cell => [0, j])
    const held = cells.filter(([, j]) => givers.has(j))
    return { cells, held, ways: held.length === 1 ? cells.length : null }
  })
}

// The certificates ------------------------------------------------------------------------------------------------------

/** The three steps: A units by their figures, B trades by seat-weighted shares, C the table between them. */
function plan(found: Json, by: Order, say: Say): void {
  const seats = count(found.seats)
  const units = list(found.units).map((one) => list(one, 4))
  const trades = list(found.trades).map((one) => list(one, 3))
  const [unitNames, tradeNames] = [units.map((one) => one[0]), trades.map((one) => one[0])]
  const people = list(found.counts, units.length).map((line) => counts(line, trades.length))
  const claims = units.map(() => ZERO)
  for (const [m, measure] of ['members', 'organisations', 'population'].entries()) {
    const weight = exact((found.weights as Json)[measure])
    if (weight.n === 0n) continue
    const column = units.map((one) => exact(one[m + 1]))
    const all = column.reduce(plus, ZERO)
    need(all.n > 0n)
    column.forEach((part, i) => (claims[i] = plus(claims[i]!, over(times(weight, part), all))))
  }
  const [a, b, c] = [found.a, found.b, found.c] as [Json, Json, Json]
  const bounds = list(found.unit_bounds, units.length).map((one) => list(one, 2))
  const first = found.rule === 'dhondt' ? ONE : { n: 1n, d: 2n }
  const asked = question([claims], [seats], units.map((): Cell => [0, seats]), [bounds.map((one) => one[0])], [bounds.map((one) => one[1])], first, [''], unitNames)
  const oneRow = { ...a, seats: [a.seats], row_divisors: [a.divisor], col_divisors: units.map(() => 1) }
  ;(found.rule === 'hamilton' ? remainders : table)(asked, oneRow, by, say, '甲 ', 'A: ')
  const held = counts(a.seats, units.length)
  const persons = people.map((line) => BigInt(sum(line) || 1))
  const base = persons.reduce((all, one) => (all / gcd(all, one)) * one, 1n)
  const shares = trades.map((_, j): Q => ({ n: people.reduce((all, line, i) => all + BigInt(held[i]! * line[j]!) * (base / persons[i]!), 0n), d: base }))
  const limits = trades.map((one): Cell => {
    const most = exact(one[2])
    return [Number(ceil(times(exact(one[1]), whole(seats)))), Number(floor(times(compare(most, ONE) > 0 ? ONE : most, whole(seats))))]
  })
  const post = rounding(found.rounding)
  const weights = people.map((line) => line.map(whole))
  const x = list(c.seats, units.length).map((line) => counts(line, trades.length))
  totals(question(weights, held, limits, found.cell_floor, found.cell_cap, post, unitNames, tradeNames), shares, b, x, by, say)
  const exactly = counts(b.seats, trades.length).map((n): Cell => [n, n])
  table(question(weights, held, exactly, found.cell_floor, found.cell_cap, post, unitNames, tradeNames), c, by, say, '丙 ', 'C: ')
}

/** One table, as `biproportional`, `divisor` and `hamilton` write it. */
function single(found: Json, by: Order, say: Say): void {
  const codes = found.codes as Json
  const weights = list(found.weights).map((line) => list(line).map(exact))
  const columns = list(found.col_seats).map(pair)
  const q = question(weights, counts(found.row_seats), columns, found.floor, found.cap, rounding(found.rounding), codes.rows, codes.cols)
  const rule = found.rule ?? 'divisor'
  if (rule === 'hamilton') {
    need(q.rows.length === 1)
    remainders(q, found, by, say)
  } else table(q, found, by, say)
}
