import { openDialog } from '../chrome/dialog.ts'
import { make } from '../chrome/dom.ts'
import type { WxParts } from './parts.ts'

/** The mini program as WeChat names it in its sheets. */
export function programName({ program }: Pick<WxParts, 'program'>): string {
  const window: unknown = program.app['window']
  const title: unknown =
    typeof window === 'object' && window !== null ? Reflect.get(window, 'navigationBarTitleText') : ''
  return typeof title === 'string' && title !== '' ? title : program.name
}

export interface Question {
  title: string
  text: string
  /** What is about to be handed over. */
  body?: readonly Node[]
  allow: string
  refuse: string
}

/** A sheet that asks for consent, in the mini program's name; true where it is given. */
export async function askConsent(parts: Pick<WxParts, 'program'>, question: Question): Promise<boolean> {
  const name = programName(parts)
  const look = { kind: 'sheet', label: `${name} ${question.title}`, canDismiss: false } as const
  const dialog = openDialog<boolean>(look, (close) => [
    make(
      'p',
      { class: 'consent-app' },
      make('span', { class: 'consent-letter', 'aria-hidden': 'true' }, Array.from(name)[0] ?? ''),
      name,
    ),
    make('h2', { class: 'consent-title' }, question.title),
    make('p', { class: 'consent-text' }, question.text),
    ...(question.body ?? []),
    make(
      'div',
      { class: 'consent-buttons' },
      make(
        'button',
        { type: 'button', class: 'consent-refuse', onclick: () => close(false) },
        question.refuse,
      ),
      make('button', { type: 'button', class: 'consent-allow', onclick: () => close(true) }, question.allow),
    ),
  ])
  return (await dialog.closed) === true
}
