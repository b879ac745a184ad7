// The sum of the ballots, its decryption and the result; as engines/ballots/tally.py, for questions that are opened as sums
// (specification of Belenios 2.0, sections 4.15, 4.16, 4.18, 4.19).
import type { Ballot } from '../core/ballot.ts'
import { widthOf, type Election } from '../core/election.ts'
import type { Draw, Group } from '../core/group.ts'
import { readCiphertext, readProof, toldCipher, toldProof, type Ciphertext, type Proof } from '../core/proofs.ts'
import { Malformed, big, exactly, fields, many, parsed, sha, small, written, type Json } from '../core/strict.ts'
import { lagrange, type Part } from './keys.ts'

/** To each question its ciphertexts, one an answer. */
export type Columns = Ciphertext[][]

export const noColumns = (election: Election): Columns =>
  election.questions.map((one) => Array.from({ length: widthOf(one) }, () => ({ alpha: 1n, beta: 1n })))

/** Both sums together. */
export const joined = (group: Group, one: Columns, other: Columns): Columns =>
  one.map((row, at) =>
    row.map(({ alpha, beta }, place) => ({ alpha: (alpha * other[at]![place]!.alpha) % group.p, beta: (beta * other[at]![place]!.beta) % group.p })),
  )

/** A ballot as it is added up. */
export function weighed({ group }: Election, ballot: Ballot, weight: number): Columns {
  const power = (one: bigint): bigint => (weight === 1 ? one : group.power(one, BigInt(weight)))
  return ballot.answers.map((answer) => answer.choices.map(({ alpha, beta }) => ({ alpha: power(alpha), beta: power(beta) })))
}

export const tallyText = (columns: Columns): string => written(columns.map((row) => row.map(toldCipher)))

/** How many ballots were added up, their weight, and the hash of the encrypted tally. */
export type SizedTally = { count: number; weight: number; tally: string }

export function readSized(text: string, where: string): SizedTally {
  const found = fields(parsed(text), where, 'num_tallied', 'total_weight', 'encrypted_tally')
  const one = { count: small(found.num_tallied, where), weight: small(found.total_weight, where), tally: sha(found.encrypted_tally, where) }
  exactly(text, found)
  return one
}

/** Whose decryption it is (counted from 1), and the hash of it. */
export type Owned = { owner: number; payload: string }

export function readOwned(text: string, where: string): Owned {
  const found = fields(parsed(text), where, 'owner', 'payload')
  const one = { owner: small(found.owner, where), payload: sha(found.payload, where) }
  exactly(text, found)
  return one
}

/** A trustee's share: to each ciphertext alpha^x, and the proof of it. */
export type Share = { factors: bigint[][]; proofs: Proof[][] }

export const toldShare = ({ factors, proofs }: Share): Json => ({
  decryption_factors: factors.map((row) => row.map(String)),
  decryption_proofs: proofs.map((row) => row.map(toldProof)),
})

export function readShare(group: Group, text: string, where: string): Share {
  const found = fields(parsed(text), where, 'decryption_factors', 'decryption_proofs')
  const one = {
    factors: many(found.decryption_factors, where, (v, w) => many(v, w, big)),
    proofs: many(found.decryption_proofs, where, (v, w) => many(v, w, readProof(group))),
  }
  exactly(text, found)
  return one
}

export function readColumns(text: string, where: string): Columns {
  const found = many(parsed(text), where, (v, w) => many(v, w, readCiphertext))
  exactly(text, found.map((row) => row.map(toldCipher)))
  return found
}

/** Text before the commitments of the proof that factor = alpha^x where key = g^x (4.18). */
const saidOf = (election: Election, key: bigint, a: bigint, b: bigint): string => `decrypt|${election.fingerprint}|${key}|${a},${b}`

/** A trustee's share of the decryption with the private key `secret`. */
export function partlyDecrypted(election: Election, columns: Columns, secret: bigint, draw: Draw, tick: () => void = () => undefined): Share {
  const { group } = election
  const key = group.secretPower(group.g, secret)
  const factors: bigint[][] = []
  const proofs: Proof[][] = []
  for (const row of columns) {
    factors.push(row.map(({ alpha }) => group.secretPower(alpha, secret)))
    proofs.push(
      row.map(({ alpha }) => {
        const nonce = draw(group.q)
        const challenge = group.hashed(saidOf(election, key, group.secretPower(group.g, nonce), group.secretPower(alpha, nonce)))
        tick()
        return { challenge, response: group.exponent(nonce - secret * challenge) }
      }),
    )
  }
  return { factors, proofs }
}

/** Checks every factor of a share against the trustee's key. Throws Malformed. */
export function checkShare(election: Election, columns: Columns, key: bigint, share: Share, where: string): void {
  const { group } = election
  const shape = written(columns.map((row) => row.length))
  if (written(share.factors.map((row) => row.length)) !== shape || written(share.proofs.map((row) => row.length)) !== shape)
    throw new Malformed('has another shape than the tally', where)
  columns.forEach((row, at) =>
    row.forEach(({ alpha }, place) => {
      const [factor, { challenge, response }] = [share.factors[at]![place]!, share.proofs[at]![place]!]
      if (!group.contains(factor)) throw new Malformed('a factor does not belong to the group', `${where}[${at}][${place}]`)
      const a = (group.ofG.power(response) * group.power(key, challenge)) % group.p
      const b = (group.power(alpha, response) * group.power(factor, challenge)) % group.p
      if (group.hashed(saidOf(election, key, a, b)) !== challenge) throw new Malformed('the proof of a factor does not hold', `${where}[${at}][${place}]`)
    }),
  )
}

/** Of each part of the trustees: the numbers of those in it, and how many shares of theirs are needed. */
export function needs(parts: readonly Part[]): { owners: number[]; needed: number }[] {
  let next = 1
  return parts.map((part) => ({ owners: part.keys.map(() => next++), needed: part.kind === 'Single' ? 1 : part.threshold }))
}

/** The elements that the ciphertexts hide; `shares` by owner, all of them checked. Throws Malformed where a share is missing, or
 *  where a threshold got more shares than it needs (which would be used?). */
export function opened({ group }: Election, parts: readonly Part[], columns: Columns, shares: ReadonlyMap<number, Share>): bigint[][] {
  let factors = columns.map((row) => row.map(() => 1n))
  needs(parts).forEach(({ owners, needed }, at) => {
    const places = owners.flatMap((owner, place) => (shares.has(owner) ? [place + 1] : []))
    if (places.length !== needed) throw new Malformed('{count} shares of {needed}', 'PartialDecryption', { count: places.length, needed })
    for (const place of places) {
      const weight = parts[at]!.kind === 'Single' ? 1n : lagrange(group, place, places)
      const mine = shares.get(owners[place - 1]!)!.factors
      factors = factors.map((row, q) => row.map((one, a) => (one * (weight === 1n ? mine[q]![a]! : group.power(mine[q]![a]!, weight))) % group.p))
    }
  })
  return columns.map((row, at) => row.map(({ beta }, place) => (beta * group.inverse(factors[at]![place]!)) % group.p))
}

/** The result: to each question the sums. Throws Malformed where an element is no power of g up to `weight`. */
export function resultOf({ group }: Election, found: readonly bigint[][], weight: number): number[][] {
  const side = Math.floor(Math.sqrt(weight)) + 1
  const baby = new Map<bigint, number>()
  let here = 1n
  for (let step = 0; step < side; step++, here = (here * group.g) % group.p) if (!baby.has(here)) baby.set(here, step)
  const giant = group.inverse(group.power(group.g, BigInt(side)))
  const logarithm = (element: bigint): number | null => {
    let rest = element
    for (let step = 0; step <= side; step++, rest = (rest * giant) % group.p) {
      const more = baby.get(rest)
      if (more !== undefined && step * side + more <= weight) return step * side + more
    }
    return null
  }
  return found.map((row, at) =>
    row.map((element) => {
      const number = logarithm(element)
      if (number === null) throw new Malformed('the shares do not open it to a number of votes', `result[${at}]`)
      return number
    }),
  )
}

export const resultText = (result: readonly (readonly number[])[]): string => written({ result })

/** Hashes of the ballots that count, in the order of `last` (4.15): a ballot cast again goes to the end. */
export function lastOfEach(cast: Iterable<readonly [string, string]>): Map<string, string> {
  const found = new Map<string, string>()
  for (const [digest, credential] of cast) {
    found.delete(credential)
    found.set(credential, digest)
  }
  return found
}
