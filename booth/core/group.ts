// The group in which ballots are written, as Belenios fixes it, and arithmetic in it (specification of Belenios 2.0, section 5).
//
// What depends on a secret takes `secretPower`: the same number of products and squarings whatever the exponent, and no
// factor that is 1. A browser's whole numbers are still not written for constant time; that much is not promised.
import { sha256Hex } from './hashing.ts'

/** Draws a whole number from 0 to below the given one. */
export type Draw = (below: bigint) => bigint

/** Bits taken at once, of a base that is used once. */
const WIDTH = 4
/** Bits that one product of a table takes care of. */
const WIDE = 6

export class Group {
  name: string
  p: bigint
  q: bigint
  g: bigint
  /** Product of the small prime powers that divide (p - 1)/q: the order of the roots of which hints consist. */
  small: bigint
  #ofG: FixedBase | undefined
  #rooted: bigint | undefined
  #rootOfG: bigint | undefined

  constructor(name: string, p: bigint, q: bigint, g: bigint, small: bigint) {
    this.name = name
    this.p = p
    this.q = q
    this.g = g
    this.small = small
  }

  /** The root of base^exponent is base^rooted(exponent). */
  rooted(exponent: bigint): bigint {
    return this.exponent(exponent * (this.#rooted ??= inverseOf(this.small, this.q)))
  }

  /** The root of the generator. */
  get rootOfG(): bigint {
    return (this.#rootOfG ??= this.ofG.power(this.rooted(1n)))
  }

  /** root^small: of six, a few products. */
  ofRoot(root: bigint): bigint {
    let found = root
    for (const bit of this.small.toString(2).slice(1)) {
      found = (found * found) % this.p
      if (bit === '1') found = (found * root) % this.p
    }
    return found
  }

  /** Powers of the generator, by a table. */
  get ofG(): FixedBase {
    return (this.#ofG ??= new FixedBase(this, this.g))
  }

  /** A number modulo q, never negative. */
  exponent(value: bigint): bigint {
    const rest = value % this.q
    return rest < 0n ? rest + this.q : rest
  }

  /** base^exponent of public data only: leaves out products with 1. */
  power(base: bigint, exponent: bigint): bigint {
    return this.#raised(base, this.exponent(exponent))
  }

  #raised(base: bigint, exponent: bigint): bigint {
    const { p } = this
    const row = [1n, base]
    for (let at = 2; at < 1 << WIDTH; at++) row.push((row[at - 1]! * base) % p)
    let product = 1n
    for (const digit of digits(exponent, WIDTH, this.q).reverse()) {
      for (let at = 0; at < WIDTH; at++) product = (product * product) % p
      if (digit) product = (product * row[digit]!) % p
    }
    return product
  }

  /** base^exponent with the same number of products whatever the exponent, of a base that is used once. */
  secretPower(base: bigint, exponent: bigint): bigint {
    const { p } = this
    const row = [base]
    for (let at = 1; at < 1 << WIDTH; at++) row.push((row[at - 1]! * base) % p)
    const [first, ...rest] = digits(this.exponent(exponent - shift(WIDTH, this.q)), WIDTH, this.q).reverse()
    let product = row[first!]!
    for (const digit of rest) {
      for (let at = 0; at < WIDTH; at++) product = (product * product) % p
      product = (product * row[digit]!) % p
    }
    return product
  }

  /** Product of elements; one of none. */
  times(factors: Iterable<bigint>): bigint {
    let product = 1n
    for (const factor of factors) product = (product * factor) % this.p
    return product
  }

  /** The inverse modulo p, by Euclid: of public data only. */
  inverse(element: bigint): bigint {
    return inverseOf(element, this.p)
  }

  /** Whether the number is a member of the subgroup. */
  contains(element: bigint): boolean {
    return element > 0n && element < this.p && this.#raised(element, this.q) === 1n
  }

  /** SHA-256 of the text as a number modulo q: how every challenge is drawn. */
  hashed(text: string): bigint {
    return BigInt(`0x${sha256Hex(text)}`) % this.q
  }
}

function inverseOf(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value, modulus, 1n, 0n]
  while (b) [a, b, x, y] = [b, a % b, y, x - (a / b) * y]
  return ((x % modulus) + modulus) % modulus
}

const windows = (width: number, q: bigint): number => Math.ceil(q.toString(2).length / width)

/** The digits of an exponent from the least, `width` bits each, always the same number of them. */
function digits(exponent: bigint, width: number, q: bigint): number[] {
  const bits = exponent.toString(2).padStart(windows(width, q) * width, '0')
  const found: number[] = []
  for (let end = bits.length; end > 0; end -= width) found.push(parseInt(bits.slice(end - width, end), 2))
  return found
}

/** 1 in every digit: the tables for secrets begin with the first power, so that no factor is 1; this is taken off before. */
function shift(width: number, q: bigint): bigint {
  let sum = 0n
  for (let at = 0; at < windows(width, q); at++) sum += 1n << BigInt(at * width)
  return sum
}

/** Powers of one public element that is used again and again: a table, then one product for each window. */
export class FixedBase {
  group: Group
  base: bigint
  #rows: bigint[][] = []
  #shift = 0n

  constructor(group: Group, base: bigint) {
    this.group = group
    this.base = base
  }

  #fill(): void {
    const { p, q } = this.group
    let first = this.base
    for (let at = windows(WIDE, q); at > 0; at--) {
      const row = [first]
      while (row.length < 1 << WIDE) row.push((row[row.length - 1]! * first) % p)
      this.#rows.push(row)
      first = row[row.length - 1]!
    }
    this.#shift = shift(WIDE, q)
  }

  /** base^exponent; the same number of products whatever the exponent. */
  power(exponent: bigint): bigint {
    if (!this.#rows.length) this.#fill()
    const { p, q } = this.group
    const chosen = digits(this.group.exponent(exponent - this.#shift), WIDE, q)
    let product = this.#rows[0]![chosen[0]!]!
    for (let at = 1; at < chosen.length; at++) product = (product * this.#rows[at]![chosen[at]!]!) % p
    return product
  }
}

/** Subgroup of 256 bits modulo a prime of 2,048; for questions that are opened as sums. */
export const BELENIOS_2048 = new Group(
  'BELENIOS-2048',
  20694785691422546401013643657505008064922989295751104097100884787057374219242717401922237254497684338129066633138078958404960054389636289796393038773905722803605973749427671376777618898589872735865049081167099310535867780980030790491654063777173764198678527273474476341835600035698305193144284561701911000786737307333564123971732897913240474578834468260652327974647951137672658693582180046317922073668860052627186363386088796882120769432366149491002923444346373222145884100586421050242120365433561201320481118852408731077014151666200162313177169372189248078507711827842317498073276598828825169183103125680162072880719n,
  78571733251071885079927659812671450121821421258408794611510081919805623223441n,
  2402352677501852209227687703532399932712287657378364916510075318787663274146353219320285676155269678799694668298749389095083896573425601900601068477164491735474137283104610458681314511781646755400527402889846139864532661215055797097162016168270312886432456663834863635782106154918419982534315189740658186868651151358576410138882215396016043228843603930989333662772848406593138406010231675095763777982665103606822406635076697764025346253773085133173495194248967754052573659049492477631475991575198775177711481490920456600205478127054728238140972518639858334115700568353695553423781475582491896050296680037745308460627n,
  6n,
)

/** Whole numbers below `below` from the device's randomness: rejection, so that each is as likely as the other. */
export const systemDraw: Draw = (below) => {
  const bits = (below - 1n).toString(2).length
  const bytes = new Uint8Array(Math.ceil(bits / 8))
  for (;;) {
    crypto.getRandomValues(bytes)
    let value = 0n
    for (const byte of bytes) value = (value << 8n) | BigInt(byte)
    value &= (1n << BigInt(bits)) - 1n
    if (value < below) return value
  }
}
