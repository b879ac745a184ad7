// Run by pytest: node browser_side.ts < tasks → JSON of what the ballot in the browser makes of each task.
import { readFileSync } from 'node:fs'
import * as core from '../../booth/core/index.ts'

type Task = { do: string; election?: string; card?: string; text?: string; votes?: number[][]; marks?: core.Mark[]; names?: string[]; seed?: string; draws?: (string | number)[]; count?: number }

/** The draws of tests/engines_ballots/browser.py: the same seed gives the same numbers in both languages. */
function seeded(seed: string): core.Draw {
  let at = 0
  return (below) => {
    const half = (): string => core.sha256Hex(`${seed}/${at++}`)
    return BigInt(`0x${half()}${half()}`) % below
  }
}

/** Draws that were written down; more than those are not to be had. */
function given(draws: (string | number)[]): core.Draw {
  const left = draws.map(BigInt)
  return (below) => {
    const next = left.shift()
    if (next === undefined || next >= below) throw new Error('another draw')
    return next
  }
}

const drawOf = (task: Task): core.Draw => (task.draws ? given(task.draws) : task.seed === undefined ? core.systemDraw : seeded(task.seed))

const acts: Record<string, (task: Task) => unknown> = {
  cast(task) {
    const election = core.readElection(task.election!)
    let ticks = 0
    const tick = (): number => ticks++
    const form = core.formOf(election)
    const made = form
      ? core.castChinese(election, form, task.card!, task.marks!, task.names!, drawOf(task), tick)
      : core.cast(election, task.card!, task.votes!, drawOf(task), tick)
    const expected = form ? core.ticksOfForm(form) : core.ticksOf(election)
    if (ticks !== expected) throw new Error(`${ticks} ticks of ${expected}`)
    return { text: made.text, code: made.code, test: core.testFile(made), testCode: made.testCode, hints: Buffer.from(made.hints).toString('base64') }
  },
  check(task) {
    const election = core.readElection(task.election!)
    const ballot = core.readBallot(election, task.text!)
    core.checkBallot(election, ballot)
    const form = core.formOf(election)
    if (form) core.checkLinks(election, form, ballot)
    return core.checkCode(task.text!)
  },
  test(task) {
    const { choices, code } = core.readTest(core.readElection(task.election!), task.text!)
    return { choices, code }
  },
  key: (task) => String(core.publicOf(core.BELENIOS_2048, task.text!, task.card!)),
  card: (task) => core.credential(drawOf(task)),
  cleaned: (task) => core.cleaned(task.card!),
  code: (task) => core.checkCode(task.text!),
  election: (task) => core.readElection(task.election!).fingerprint,
  form: (task) => core.formOf(core.readElection(task.election!)),
  secret: (task) => String(core.secretOf(core.BELENIOS_2048, task.text!, task.card!)),
  group() {
    const { name, p, q, g } = core.BELENIOS_2048
    return { name, p: String(p), q: String(q), g: String(g) }
  },
  power: (task) => String(core.BELENIOS_2048.ofG.power(BigInt(task.text!))),
  member: (task) => core.BELENIOS_2048.contains(BigInt(task.text!)),
  hashed: (task) => String(core.BELENIOS_2048.hashed(task.text!)),
  fingerprint: (task) => core.fingerprint(task.text!),
  draws(task) {
    const draw = drawOf(task)
    return Array.from({ length: task.count! }, () => String(draw(58n)))
  },
  powers() {
    const { ofG, g, q } = core.BELENIOS_2048
    const exponents = [0n, 1n, 2n, q - 1n, q, q + 1n, -1n, 15n, 16n, 63n, 64n, core.systemDraw(q)]
    return exponents.map((one) => [one, ofG.power(one), core.BELENIOS_2048.power(g, one), core.BELENIOS_2048.secretPower(g, one)].map(String))
  },
}

const tasks = JSON.parse(readFileSync(0, 'utf8')) as Task[]
const said = tasks.map((task) => {
  try {
    return { found: acts[task.do]!(task) }
  } catch (error) {
    if (error instanceof core.Malformed) return { refused: error.why, where: error.where }
    return { broken: (error as Error).message }
  }
})
console.log(JSON.stringify(said))
