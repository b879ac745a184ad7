// The Chinese ballot 中国式选票 as questions of a Belenios election: the port of engines/ballots/chinese.py, where the
// construction is explained. No cryptographer has reviewed it yet.
import { answered, type Ballot, type Choice, chosen, type Made, proved, signed, type Tick } from './ballot.ts'
import { secretOf } from './credentials.ts'
import type { Election, Question } from './election.ts'
import type { Draw, Group } from './group.ts'
import { type Ciphertext, ofRoots, sameCipher, sameProofs } from './proofs.ts'
import { Malformed, written } from './strict.ts'

export const FAVOUR = '赞成'
export const OPPOSE = '反对'
export const ABSTAIN = '弃权'
export type Mark = typeof FAVOUR | typeof OPPOSE | typeof ABSTAIN
const MARK = /\n?lianxi-ballot\/1 candidates=([1-9][0-9]{0,2}) roster=([0-9]{1,3}) most=([1-9][0-9]{0,2})$/

/** What is printed on the ballot: candidates in their order, names that may be written in, how many may be favoured. */
export interface Form {
  candidates: string[]
  most: number
  roster: string[]
}

/** The questions of a form. */
export function questionsOf({ candidates, most, roster }: Form): Question[] {
  const first = { question: '赞成的人 · In favour', answers: [...candidates, ...roster], min: 0, max: most, blank: null }
  const each = candidates.map((name) => ({ question: name, answers: [FAVOUR, OPPOSE], min: 0, max: 1, blank: null }))
  if (!roster.length) return [first, ...each]
  const last = [...candidates.map((name) => `${OPPOSE}：${name}`), ...roster.map((name) => `没有另选：${name}`)]
  return [first, ...each, { question: '另选不多于反对 · Written in for opposed', answers: last, min: roster.length, max: last.length, blank: null }]
}

/** The form of an election, null where it is another kind. Throws Malformed where the questions are not those of the form
 *  that its description names. */
export function formOf(election: Election): Form | null {
  const found = MARK.exec(election.description)
  if (!found) return null
  const [count, others, most] = found.slice(1).map(Number) as [number, number, number]
  const names = election.questions[0]!.answers
  const form = { candidates: names.slice(0, count), most, roster: names.slice(count) }
  const wrong = names.length !== count + others || most > names.length || new Set(names).size !== names.length || names.includes('')
  if (wrong || written(questionsOf(form)) !== written(election.questions.map(plain))) {
    throw new Malformed('the questions are not those of the form', 'election.questions')
  }
  return form
}

const plain = ({ question, answers, min, max, blank }: Question): Question => ({ question, answers, min, max, blank })

/** Checks that what should be one ciphertext is one. Throws Malformed with its place. */
export function checkLinks(election: Election, form: Form, { answers }: Pick<Ballot, 'answers'>): void {
  const refused = (answer: number, choice: number): never => {
    throw new Malformed('is not the ciphertext that it should be', `ballot.answers[${answer}].choices[${choice}]`)
  }
  const first = answers[0]!
  const last = answers.at(-1)!
  form.candidates.forEach((_name, at) => {
    const one = answers[at + 1]!
    if (!sameCipher(one.choices[0]!, first.choices[at]!) || !sameProofs(one.individual[0]!, first.individual[at]!)) refused(at + 1, 0)
  })
  if (!form.roster.length) return
  form.candidates.forEach((_name, at) => {
    const one = answers[at + 1]!
    if (!sameCipher(one.choices[1]!, last.choices[at]!) || !sameProofs(one.individual[1]!, last.individual[at]!)) refused(answers.length - 1, at)
  })
  for (let at = form.candidates.length; at < first.choices.length; at++) {
    if (!sameCipher(last.choices[at]!, complement(election.group, first.choices[at]!))) refused(answers.length - 1, at)
  }
}

/** Of an encrypted 0 an encrypted 1, and the other way: (1/alpha, g/beta). Of roots, with the root of g, the roots. */
export const complement = (group: Group, { alpha, beta }: Ciphertext, g = group.g): Ciphertext => ({
  alpha: group.inverse(alpha),
  beta: (g * group.inverse(beta)) % group.p,
})

/** Makes a ballot: to each candidate a mark; `writtenIn` are names of the roster. Throws Malformed for a mistyped
 *  credential, Error for marks that the form does not allow. */
export function castChinese(
  election: Election, form: Form, typed: string, marks: Mark[], writtenIn: string[], draw: Draw, tick: Tick = () => undefined,
): Made {
  allowed(form, marks, writtenIn)
  const { group } = election
  const secret = secretOf(group, election.uuid, typed)
  const begin = `${election.fingerprint}|${group.ofG.power(secret)}`
  tick()
  const made = (vote: boolean): Choice => {
    const one = chosen(election, begin, Number(vote), draw)
    tick()
    return one
  }
  const yes = [...marks.map((mark) => made(mark === FAVOUR)), ...form.roster.map((name) => made(writtenIn.includes(name)))]
  const no = marks.map((mark) => made(mark === OPPOSE))
  const rows = [yes, ...form.candidates.map((_name, at) => [yes[at]!, no[at]!])]
  if (form.roster.length) {
    const turned = yes.slice(form.candidates.length).map(({ roots, known }) => {
      const opposite = { secret: group.exponent(-known.secret), message: 1 - known.message }
      const one = proved(election, begin, ofRoots(group, complement(group, roots, group.rootOfG)), opposite, draw)
      tick()
      return one
    })
    rows.push([...no, ...turned])
  }
  const answers = election.questions.map((question, at) => {
    const answer = answered(election, question, rows[at]!, begin, draw)
    tick()
    return answer
  })
  return signed(election, secret, answers, draw)
}

/** How often `tick` is called while such a ballot is made. */
export const ticksOfForm = ({ candidates, roster }: Form): number => candidates.length * 3 + roster.length * 2 + 2 + Number(roster.length > 0)

function allowed(form: Form, marks: Mark[], writtenIn: string[]): void {
  if (marks.length !== form.candidates.length || marks.some((mark) => ![FAVOUR, OPPOSE, ABSTAIN].includes(mark))) {
    throw new Error('to each candidate in favour, opposed or abstaining')
  }
  if (writtenIn.some((name) => !form.roster.includes(name)) || new Set(writtenIn).size !== writtenIn.length) {
    throw new Error('only names of the roster, each once')
  }
  const favoured = marks.filter((mark) => mark === FAVOUR).length + writtenIn.length
  const opposed = marks.filter((mark) => mark === OPPOSE).length
  if (favoured > form.most) throw new Error(`${favoured} in favour; at most ${form.most}`)
  if (writtenIn.length > opposed) throw new Error(`${writtenIn.length} written in for ${opposed} opposed`)
}
