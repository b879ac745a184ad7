// One ballot: encrypted answers with their proofs, signed with a credential (specification of Belenios 2.0, 4.11–4.15).
import { secretOf } from './credentials.ts'
import { type Election, type Question, widthOf } from './election.ts'
import type { Draw, Group } from './group.ts'
import { checkCode, fingerprint } from './hashing.ts'
import {
  blankOrEmpty, blankOrWithin, type Branch, type Ciphertext, encrypted, inInterval, know, type Known, knows, ofBallot, oneOf, oneOfHolds, type Proof,
  readCiphertext, readProof, type Rooted, saidCipher, toldCipher, toldProof,
} from './proofs.ts'
import { big, exactly, fields, type Json, Malformed, many, parsed, string, written } from './strict.ts'

/** The answer to one question. */
export interface Answer {
  choices: Ciphertext[]
  individual: Proof[][]
  overall: Proof[]
  blank: Proof[] | null
}

/** What stands in the archive. */
export interface Ballot {
  credential: bigint
  answers: Answer[]
  /** Of the ballot without its signature: what is signed. */
  digest: string
  signature: Proof
  text: string
}

/** What the maker of a ballot knows: to each question its numbers, and what hides each. Shown only of a ballot that is never cast. */
export interface Opening {
  choices: number[][]
  randomness: bigint[][]
}

/** A ballot that was just made. */
export interface Made {
  text: string
  /** Without the signature: what a test ballot shows. */
  unsigned: string
  opening: Opening
  /** What goes with the ballot so that it is checked faster (engines/ballots/hints.py). Nobody has to trust it. */
  hints: Uint8Array<ArrayBuffer>
  code: string
  /** Of the text without the signature: told before the voter decides whether to cast the ballot or have it opened. */
  testCode: string
}

/** Told after each ciphertext and each question. */
export type Tick = () => void

const toldAnswer = ({ choices, individual, overall, blank }: Answer): Json => ({
  choices: choices.map(toldCipher),
  individual_proofs: individual.map((each) => each.map(toldProof)),
  overall_proof: overall.map(toldProof),
  ...(blank ? { blank_proof: blank.map(toldProof) } : {}),
})

/** What is signed. */
export const unsignedOf = (election: Election, credential: bigint, answers: Answer[]): { [name: string]: Json } => ({
  election_uuid: election.uuid,
  election_hash: election.fingerprint,
  credential: String(credential),
  answers: answers.map(toldAnswer),
})

/** The ballot of a text; its proofs are not yet checked. Throws Malformed, also for a ballot of another election. */
export function readBallot(election: Election, text: string): Ballot {
  const found = fields(parsed(text), 'ballot', 'election_uuid', 'election_hash', 'credential', 'answers', 'signature')
  const { credential, answers } = readUnsigned(election, found)
  const said = fields(found.signature, 'ballot.signature', 'hash', 'proof')
  const proof = readProof(election.group)(said.proof!, 'ballot.signature.proof')
  const unsigned = unsignedOf(election, credential, answers)
  const digest = fingerprint(written(unsigned))
  if (string(said.hash, 'ballot.signature.hash') !== digest) throw new Malformed('is not what was signed', 'ballot.signature.hash')
  exactly(text, { ...unsigned, signature: { hash: digest, proof: toldProof(proof) } })
  return { credential, answers, digest, signature: proof, text }
}

/** Credential and answers of a ballot whose fields were read. */
export function readUnsigned(election: Election, found: { [name: string]: Json }): { credential: bigint; answers: Answer[] } {
  if (found.election_uuid !== election.uuid || found.election_hash !== election.fingerprint) {
    throw new Malformed('belongs to another election', 'ballot')
  }
  const raw = found.answers
  if (!Array.isArray(raw) || raw.length !== election.questions.length) {
    throw new Malformed('has another number of answers than there are questions', 'ballot.answers')
  }
  const answers = election.questions.map((question, at) => readAnswer(election, question, raw[at]!, `ballot.answers[${at}]`))
  return { credential: big(found.credential, 'ballot.credential'), answers }
}

function readAnswer(election: Election, question: Question, value: Json, where: string): Answer {
  const proof = readProof(election.group)
  const found = fields(value, where, 'choices', 'individual_proofs', 'overall_proof', ...(question.blank ? ['blank_proof'] : []))
  const width = widthOf(question)
  const pair = (each: Json, place: string): Proof[] => many(each, place, proof, 2)
  return {
    choices: many(found.choices, `${where}.choices`, readCiphertext, width),
    individual: many(found.individual_proofs, `${where}.individual_proofs`, pair, width),
    overall: many(found.overall_proof, `${where}.overall_proof`, proof, question.max - question.min + 1 + Number(question.blank === true)),
    blank: question.blank ? pair(found.blank_proof!, `${where}.blank_proof`) : null,
  }
}

/** Checks every proof of a ballot and its signature. Throws Malformed with the place of the first that does not hold. That
 *  the credential may vote is for the caller, who has the list; of a Chinese ballot `checkLinks` is due as well. */
export function checkBallot(election: Election, ballot: Ballot): void {
  if (!knows(election.group, ofBallot(ballot.digest), ballot.credential, ballot.signature)) {
    throw new Malformed('the signature does not hold', 'ballot.signature')
  }
  checkAnswers(election, ballot)
}

/** Checks every proof of a ballot but its signature. */
export function checkAnswers(election: Election, { credential, answers }: Pick<Ballot, 'credential' | 'answers'>): void {
  const begin = `${election.fingerprint}|${credential}`
  // The same ciphertext with the same proof may stand in several questions: it is checked once.
  const seen = new Set<string>()
  election.questions.forEach((question, at) => checkAnswer(election, question, answers[at]!, begin, `ballot.answers[${at}]`, seen))
}

function checkAnswer(election: Election, question: Question, answer: Answer, begin: string, where: string, seen: Set<string>): void {
  const { group } = election
  answer.choices.forEach((cipher, at) => {
    const pair = answer.individual[at]!
    const key = written([toldCipher(cipher), pair.map(toldProof)])
    if (seen.has(key)) return
    seen.add(key)
    if (!group.contains(cipher.alpha) || !group.contains(cipher.beta)) throw new Malformed('does not belong to the group', `${where}.choices[${at}]`)
    if (!oneOfHolds(election, inInterval(begin, cipher), [{ cipher, value: 0 }, { cipher, value: 1 }], pair)) {
      throw new Malformed('is not shown to be 0 or 1', `${where}.choices[${at}]`)
    }
  })
  const { blank, total, within } = claims(election, question, answer.choices)
  const said = `${begin}|${answer.choices.map(saidCipher).join()}`
  let holds: boolean
  if (blank && answer.blank) {
    const nothing = [{ cipher: blank.cipher, value: 0 }, total]
    if (!oneOfHolds(election, blankOrEmpty(said), nothing, answer.blank)) throw new Malformed('a blank vote is not shown to choose nothing', where)
    holds = oneOfHolds(election, blankOrWithin(said), [blank, ...within], answer.overall)
  } else {
    holds = oneOfHolds(election, inInterval(said, total.cipher), within, answer.overall)
  }
  if (!holds) {
    throw new Malformed('the number chosen is not shown to be within {least} to {most}', where, { least: question.min, most: question.max })
  }
}

/** The claim *blank*, the sum of all that can be chosen, and the claims *sum = min* to *sum = max*. */
function claims({ group }: Election, question: Question, choices: Ciphertext[]): { blank: Branch | null; total: Branch; within: Branch[] } {
  const chosen = question.blank ? choices.slice(1) : choices
  const cipher = { alpha: group.times(chosen.map((one) => one.alpha)), beta: group.times(chosen.map((one) => one.beta)) }
  const within: Branch[] = []
  for (let value = question.min; value <= question.max; value++) within.push({ cipher, value })
  return { blank: question.blank ? { cipher: choices[0]!, value: 1 } : null, total: { cipher, value: 0 }, within }
}

/** A ciphertext with what its maker knows, and the proof that it is 0 or 1. */
export interface Choice extends Rooted {
  known: Known
  proof: Proof[]
  /** Roots of the ciphertext and of what its proof commits to. */
  hint: bigint[]
}

/** Encrypts 0 or 1 and proves that it is one of them. */
export function chosen(election: Election, begin: string, message: number, draw: Draw): Choice {
  const secret = draw(election.group.q)
  return proved(election, begin, encrypted(election.group, election.y, message, secret), { secret, message }, draw)
}

export function proved(election: Election, begin: string, { cipher, roots }: Rooted, known: Known, draw: Draw): Choice {
  const branches = [{ cipher, value: 0 }, { cipher, value: 1 }]
  const hint = [roots.alpha, roots.beta]
  return { cipher, roots, known, proof: oneOf(election, inInterval(begin, cipher), branches, [known, known], draw, hint), hint }
}

/** The answer to a question of choices that are made, with the proof about their sum. */
export function answered(election: Election, question: Question, row: Choice[], begin: string, draw: Draw): AnswerMade {
  const hint: bigint[] = []
  const ciphers = row.map((one) => one.cipher)
  const { blank, total, within } = claims(election, question, ciphers)
  const said = `${begin}|${ciphers.map(saidCipher).join()}`
  const counted = question.blank ? row.slice(1) : row
  const sum = { secret: counted.reduce((all, { known }) => all + known.secret, 0n), message: counted.reduce((all, { known }) => all + known.message, 0) }
  const summed = { secret: election.group.exponent(sum.secret), message: sum.message }
  const each = within.map(() => summed)
  const first = row[0]!.known
  const blankProof = blank ? oneOf(election, blankOrEmpty(said), [{ cipher: blank.cipher, value: 0 }, total], [first, summed], draw, hint) : null
  const overall = blank
    ? oneOf(election, blankOrWithin(said), [blank, ...within], [first, ...each], draw, hint)
    : oneOf(election, inInterval(said, total.cipher), within, each, draw, hint)
  return { choices: ciphers, individual: row.map((one) => one.proof), overall, blank: blankProof, row, hint }
}

/** An answer that was just made: its choices, and the roots of what its proofs about the sum commit to. */
interface AnswerMade extends Answer {
  row: Choice[]
  hint: bigint[]
}

/** All roots of a ballot in the order in which it is checked: each as many bytes as p. A choice that stands in several
 *  questions is told once. */
function hintsOf({ p }: Group, signature: bigint[], answers: AnswerMade[]): Uint8Array<ArrayBuffer> {
  const seen = new Set<Choice>()
  const fresh = (one: Choice): boolean => !seen.has(one) && !!seen.add(one)
  const roots = [...signature, ...answers.flatMap(({ row, hint }) => [...row.filter(fresh).flatMap((one) => one.hint), ...hint])]
  const size = Math.ceil(p.toString(2).length / 8)
  const hex = roots.map((root) => root.toString(16).padStart(2 * size, '0')).join('')
  return Uint8Array.from({ length: hex.length / 2 }, (_none, at) => parseInt(hex.slice(2 * at, 2 * at + 2), 16))
}

/** How often `tick` is called while a ballot is made. */
export const ticksOf = (election: Election): number => election.questions.reduce((sum, question) => sum + widthOf(question) + 1, 1)

/** Makes a ballot: for each question a number to each answer (0 or 1; with a blank vote in front where one is possible).
 *  Throws Malformed for a mistyped credential, Error for votes that the question does not allow. */
export function cast(election: Election, typed: string, votes: number[][], draw: Draw, tick: Tick = () => undefined): Made {
  if (votes.length !== election.questions.length) throw new Error('one vote to each question')
  election.questions.forEach((question, at) => allowed(question, votes[at]!))
  const secret = secretOf(election.group, election.uuid, typed)
  const { q } = election.group
  const begin = `${election.fingerprint}|${election.group.ofG.power(secret)}`
  tick()
  // Randomness is drawn in the order of the Python engine: with the same draws both write the same text.
  const answers = election.questions.map((question, at) => {
    const vote = votes[at]!
    const secrets = vote.map(() => draw(q))
    const row = vote.map((message, place) => {
      const known = { secret: secrets[place]!, message }
      const one = proved(election, begin, encrypted(election.group, election.y, message, known.secret), known, draw)
      tick()
      return one
    })
    const answer = answered(election, question, row, begin, draw)
    tick()
    return answer
  })
  return signed(election, secret, answers, draw)
}

function allowed(question: Question, vote: number[]): void {
  const blank = question.blank && vote[0] === 1
  const sum = (question.blank ? vote.slice(1) : vote).reduce((all, one) => all + one, 0)
  if (vote.length !== widthOf(question) || vote.some((one) => one !== 0 && one !== 1) || (blank && sum)) throw new Error('one 0 or 1 to each answer')
  if (!blank && (sum < question.min || sum > question.max)) throw new Error(`${sum} chosen; ${question.min} to ${question.max} are allowed`)
}

/** The ballot of answers that are made, signed with the secret exponent of a credential. */
export function signed(election: Election, secret: bigint, answers: AnswerMade[], draw: Draw): Made {
  const fieldsOf = unsignedOf(election, election.group.ofG.power(secret), answers)
  const unsigned = written(fieldsOf)
  const digest = fingerprint(unsigned)
  const hint: bigint[] = []
  const proof = know(election.group, ofBallot(digest), secret, draw, hint)
  const text = written({ ...fieldsOf, signature: { hash: digest, proof: toldProof(proof) } })
  const opening = {
    choices: answers.map(({ row }) => row.map(({ known }) => known.message)),
    randomness: answers.map(({ row }) => row.map(({ known }) => known.secret)),
  }
  return { text, unsigned, opening, hints: hintsOf(election.group, hint, answers), code: checkCode(text), testCode: checkCode(unsigned) }
}
