// A test ballot 试票: a ballot that was made as every other, and is opened instead of being cast, so that its maker can
// see on another device that it says what was chosen. The file holds the ballot without its signature: whoever gets the
// file cannot cast it.
import { type Answer, checkAnswers, type Made, type Opening, readUnsigned, unsignedOf } from './ballot.ts'
import { checkLinks, formOf } from './chinese.ts'
import { type Election, widthOf } from './election.ts'
import { checkCode } from './hashing.ts'
import { encrypted, sameCipher } from './proofs.ts'
import { big, exactly, fields, type Json, Malformed, many, parsed, small, written } from './strict.ts'

/** What a test ballot says, after everything in it was found to agree. */
export interface Tested {
  /** To each question a number to each answer, a blank vote in front where one is possible. */
  choices: number[][]
  /** To be compared with the code that the first device showed before it knew that the ballot would be opened. */
  code: string
  answers: Answer[]
}

/** The file of a ballot that is never cast. */
export function testFile({ unsigned, opening }: Pick<Made, 'unsigned' | 'opening'>): string {
  return written({
    ballot: JSON.parse(unsigned) as Json,
    opening: toldOpening(opening),
  })
}

const toldOpening = ({ choices, randomness }: Opening): Json => ({ choices, randomness: randomness.map((row) => row.map(String)) })

/** Reads and checks such a file. Throws Malformed with the place of what does not agree. */
export function readTest(election: Election, text: string): Tested {
  const found = fields(parsed(text), 'test', 'ballot', 'opening')
  const said = fields(found.ballot, 'ballot', 'election_uuid', 'election_hash', 'credential', 'answers')
  const { credential, answers } = readUnsigned(election, said)
  const opening = fields(found.opening, 'opening', 'choices', 'randomness')
  const count = election.questions.length
  const rows = <T>(name: 'choices' | 'randomness', one: (value: Json, where: string) => T): T[][] => {
    const raw = many(opening[name], `opening.${name}`, (row) => row, count)
    return election.questions.map((question, at) => many(raw[at], `opening.${name}[${at}]`, one, widthOf(question)))
  }
  const choices = rows('choices', bit)
  const randomness = rows('randomness', (value, where) => {
    const number = big(value, where)
    if (number >= election.group.q) throw new Malformed('a number of an opening is not below q', where)
    return number
  })
  const unsigned = unsignedOf(election, credential, answers)
  exactly(text, { ballot: unsigned, opening: toldOpening({ choices, randomness }) })
  answers.forEach((answer, at) =>
    answer.choices.forEach((cipher, place) => {
      const { cipher: expected } = encrypted(election.group, election.y, choices[at]![place]!, randomness[at]![place]!)
      if (!sameCipher(cipher, expected)) throw new Malformed('does not hide what the opening says', `ballot.answers[${at}].choices[${place}]`)
    }),
  )
  const form = formOf(election)
  if (form) checkLinks(election, form, { answers })
  checkAnswers(election, { credential, answers })
  return { choices, code: checkCode(written(unsigned)), answers }
}

function bit(value: Json, where: string): number {
  const number = small(value, where)
  if (number > 1) throw new Malformed('should be 0 or 1', where)
  return number
}
