// The worker of the booth: everything that takes long or knows a secret. The page stays free to answer the voter's finger.
import {
  ABSTAIN, cast, castChinese, type Election, FAVOUR, type Form, formOf, type Made, type Mark as Said, OPPOSE, publicOf, type Question, readElection, readTest,
  sha256Hex, systemDraw, testFile, ticksOf, ticksOfForm,
} from './core/index.ts'
import type { Asked, Answers, FromWorker, Mark, Sealed, Shown, View, Vote } from './messages.ts'
import { tidied } from './typing.ts'

const SAID: Record<Mark, Said> = { favour: FAVOUR, oppose: OPPOSE, abstain: ABSTAIN }
const EVERY_MS = 50

let election: Election | undefined
let form: Form | null = null
let last: Made | null = null

const tell = (said: FromWorker): void => (postMessage as (message: FromWorker) => void)(said)

function known(): Election {
  if (!election) throw new Error('no election')
  return election
}

const isMotion = ({ answers, min, max, blank }: Question): boolean =>
  !blank && min === 0 && max === 1 && answers.length === 2 && answers[0] === FAVOUR && answers[1] === OPPOSE

function shown(question: Question): Shown {
  const { answers, min, max, blank } = question
  return isMotion(question) ? { kind: 'motion', text: question.question } : { kind: 'choice', text: question.question, answers, min, max, blank: blank === true }
}

function open(text: string): View {
  election = readElection(text)
  form = formOf(election)
  // The tables are filled while the voter reads.
  election.y.power(1n)
  election.group.ofG.power(1n)
  return form ? { kind: 'candidates', ...form } : { kind: 'questions', questions: election.questions.map(shown) }
}

const bits = (mark: Mark): number[] => [Number(mark === 'favour'), Number(mark === 'oppose')]

function seal(id: number, card: string, vote: Vote): Sealed {
  const one = known()
  const all = form ? ticksOfForm(form) : ticksOf(one)
  let done = 0
  let told = 0
  const tick = (): void => {
    done++
    const now = performance.now()
    if (now - told < EVERY_MS && done < all) return
    told = now
    tell({ id, done, all })
  }
  let made: Made
  if (form && vote.kind === 'candidates') {
    made = castChinese(one, form, card, vote.marks.map((mark) => SAID[mark]), vote.names, systemDraw, tick)
  } else if (!form && vote.kind === 'questions') {
    const votes = vote.answers.map((answer, at) => {
      if ('mark' in answer) return bits(answer.mark)
      return [...(one.questions[at]!.blank ? [Number(answer.blank)] : []), ...answer.chosen.map(Number)]
    })
    made = cast(one, card, votes, systemDraw, tick)
  } else {
    throw new Error('a vote of another kind')
  }
  last = made
  return { text: made.text, hints: made.hints, code: made.code, testCode: made.testCode }
}

/** Shows once what the last ballot was made of. */
function reveal(): string {
  if (!last) throw new Error('no ballot')
  const file = testFile(last)
  last = null
  return file
}

const markOf = ([favour, oppose]: number[]): Mark => (favour ? 'favour' : oppose ? 'oppose' : 'abstain')

function test(text: string): Answers['test'] {
  const one = known()
  const { choices, code } = readTest(one, text)
  if (form) {
    const { candidates, roster } = form
    const names = roster.filter((_name, at) => choices[0]![candidates.length + at])
    return { code, vote: { kind: 'candidates', marks: candidates.map((_name, at) => markOf(choices[at + 1]!)), names } }
  }
  const answers = one.questions.map((question, at) => {
    const numbers = choices[at]!
    if (isMotion(question)) return { mark: markOf(numbers) }
    const blank = question.blank === true
    return { blank: blank && numbers[0] === 1, chosen: (blank ? numbers.slice(1) : numbers).map(Boolean) }
  })
  return { code, vote: { kind: 'questions', answers } }
}

function answer(id: number, asked: Asked): Answers[keyof Answers] {
  switch (asked.do) {
    case 'open':
      return open(asked.election)
    case 'typed':
      return tidied(asked.text)
    case 'key':
      return sha256Hex(String(publicOf(known().group, known().uuid, asked.card)))
    case 'seal':
      return seal(id, asked.card, asked.vote)
    case 'reveal':
      return reveal()
    case 'test':
      return test(asked.text)
  }
}

addEventListener('message', ({ data }: MessageEvent<Asked & { id: number }>) => {
  try {
    tell({ id: data.id, found: answer(data.id, data) })
  } catch (error) {
    tell({ id: data.id, failed: error instanceof Error ? error.message : 'unknown' })
  }
})
