import type { PhoneProblem } from '../runtime/problems.ts'
import type { PhoneWords } from '../words.ts'
import { ICONS, icon, make } from './dom.ts'

export interface ProblemOverlay {
  /** Shows what there is; an empty list takes it away. */
  update(problems: readonly PhoneProblem[]): void
}

function place({ file, line }: PhoneProblem): string {
  return line === undefined ? file : `${file}:${line}`
}

function entryOf(problem: PhoneProblem): HTMLElement {
  const where = make('code', { class: 'problem-place' }, place(problem))
  const item = make('li', { class: 'problem' }, make('pre', { class: 'problem-message' }, problem.message))
  if (problem.file !== '') item.append(where)
  if (problem.during) item.append(make('span', { class: 'problem-during' }, problem.during))
  return item
}

/** What went wrong, over the page as in DevTools; the phone lives on behind it and after it. */
export function createProblemOverlay(layer: HTMLElement, words: PhoneWords): ProblemOverlay {
  let seen = 0
  let all: readonly PhoneProblem[] = []
  const list = make('ol', { class: 'problem-list' })
  const title = make('h2', { class: 'problem-title' })
  const dismiss = () => {
    seen = all.length
    element.hidden = true
  }
  const close = make(
    'button',
    { type: 'button', class: 'problem-close', 'aria-label': words.dismiss, onclick: dismiss },
    icon(ICONS.close),
  )
  const head = make('div', { class: 'problem-head' }, title, close)
  const element = make(
    'section',
    { class: 'problems', 'aria-label': words.problemsTitle, role: 'region' },
    head,
    list,
  )
  element.hidden = true
  layer.append(element)
  return {
    update(problems) {
      all = problems
      seen = Math.min(seen, problems.length)
      const fresh = problems.slice(seen)
      title.textContent = `${words.problemsTitle} · ${words.problems(fresh.length)}`
      list.replaceChildren(...fresh.map(entryOf))
      element.hidden = fresh.length === 0
    },
  }
}
