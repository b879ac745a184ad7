// An election as its voters get it: key and questions (specification of Belenios 2.0, sections 4.9 and 4.10).
import { BASE58 } from './credentials.ts'
import { BELENIOS_2048, FixedBase, type Group } from './group.ts'
import { fingerprint } from './hashing.ts'
import { big, fields, type Json, Malformed, many, parsed, small, string } from './strict.ts'

const MOST_QUESTIONS = 500
const MOST_ANSWERS = 2_000

/** A question whose answers are only ever opened as sums. */
export interface Question {
  question: string
  answers: string[]
  min: number
  max: number
  /** Whether a blank vote is possible; null where the text does not say (no). */
  blank: boolean | null
}

/** Ciphertexts of one answer. */
export const widthOf = (question: Question): number => question.answers.length + Number(question.blank === true)

export interface Election {
  uuid: string
  name: string
  description: string
  group: Group
  publicKey: bigint
  questions: Question[]
  /** Of the text as it was read; stands in every ballot. */
  fingerprint: string
  /** Powers of the public key, by a table. */
  y: FixedBase
}

function readQuestion(value: Json, where: string): Question {
  if (value !== null && typeof value === 'object' && 'type' in value) {
    throw new Malformed('a question is to be shuffled, which this group does not allow', where)
  }
  const found = fields(value, where, 'answers', '?blank', 'min', 'max', 'question')
  if (found.blank !== undefined && typeof found.blank !== 'boolean') throw new Malformed('blank should be true or false', where)
  const answers = many(found.answers, `${where}.answers`, string)
  if (answers.length < 1 || answers.length > MOST_ANSWERS) throw new Malformed('has {count} answers', where, { count: answers.length })
  const one = { question: string(found.question, where), answers, min: small(found.min, where), max: small(found.max, where), blank: found.blank ?? null }
  if (one.min > one.max || one.max > answers.length) {
    throw new Malformed('min {least}, max {most} do not fit {count} answers', where, { least: one.min, most: one.max, count: answers.length })
  }
  return one
}

/** The election of a text. Throws Malformed: another group, a key outside it, limits that cannot be. */
export function readElection(text: string): Election {
  const found = fields(
    parsed(text), 'election', 'version', 'description', 'name', 'group', 'public_key', 'questions', 'uuid', '?administrator', '?credential_authority',
  )
  if (found.version !== 1) throw new Malformed('only version 1 is read', 'election.version')
  const group = BELENIOS_2048
  if (string(found.group, 'election.group') !== group.name) throw new Malformed('unknown group', 'election.group')
  const questions = many(found.questions, 'election.questions', readQuestion)
  if (questions.length < 1 || questions.length > MOST_QUESTIONS) {
    throw new Malformed('{count} questions', 'election.questions', { count: questions.length })
  }
  const uuid = string(found.uuid, 'election.uuid')
  if (uuid.length < 14 || uuid.length > 64 || [...uuid].some((sign) => !BASE58.includes(sign))) {
    throw new Malformed('should be at least 14 signs of Base58', 'election.uuid')
  }
  const publicKey = big(found.public_key, 'election.public_key')
  if (publicKey === 1n || !group.contains(publicKey)) throw new Malformed('the public key does not belong to the group', 'election.public_key')
  return {
    uuid,
    name: string(found.name, 'election.name'),
    description: string(found.description, 'election.description'),
    group,
    publicKey,
    questions,
    fingerprint: fingerprint(text),
    y: new FixedBase(group, publicKey),
  }
}
