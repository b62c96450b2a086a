import type { Program } from '../../lib/miniprogram/program.ts'
import type { PhoneHandle } from '../../phone/handle.ts'
import { createStore } from '../store.ts'
import { isDark, view } from '../view.ts'

/** One phone beside the conversation. */
export interface PhoneSpot {
  /** 1 or 2; its calls carry `phone:1`. */
  id: number
  user: string
  device: string
  isDark: boolean
  isOffline: boolean
  isInBackground: boolean
  /** Grows when the frame has to be loaded anew. */
  turn: number
}

export interface Phones {
  /** null until it is known whether the emulator has a mini program at all. */
  hasProgram: boolean | null
  /** The mini program: its name, its appid, and whether it is the one that stories play in. */
  program: { name: string; appid: string | null; isExample: boolean }
  spots: readonly PhoneSpot[]
  users: readonly string[]
}

/** The demo's, where the mini program names none. */
export const DEMO_APPID = 'wxa1b2c3d4e5f60718'

function spotOf(id: number, user: string, device: string): PhoneSpot {
  return { id, user, device, isDark: isDark(), isOffline: false, isInBackground: false, turn: 0 }
}

export const phones = createStore<Phones>({
  hasProgram: null,
  program: { name: '', appid: null, isExample: false },
  spots: [spotOf(1, 'alice', 'phone')],
  users: ['alice', 'bob'],
})

const frames = new Map<number, HTMLIFrameElement>()

/** Called by the frame's component. */
export function keepFrame(id: number, frame: HTMLIFrameElement | null): void {
  if (frame === null) frames.delete(id)
  else frames.set(id, frame)
}

export function frameOf(id: number): HTMLIFrameElement | undefined {
  return frames.get(id)
}

/** The phone in the frame, once it runs. */
export function handleOf(id: number): PhoneHandle | undefined {
  return frames.get(id)?.contentWindow?.yaopaiPhone
}

export function frameUrl({
  id,
  user,
  device,
  isDark: dark,
}: Pick<PhoneSpot, 'id' | 'user' | 'device' | 'isDark'>): string {
  const query = new URLSearchParams({ user, device, id: String(id), lang: view.get().language })
  if (dark) query.set('dark', '1')
  return `/_emulator/phone/frame?${query}`
}

export function changeSpot(id: number, change: Partial<PhoneSpot>): void {
  phones.set(({ spots }) => ({
    spots: spots.map((spot) => (spot.id === id ? { ...spot, ...change } : spot)),
  }))
}

/** Another person, or another device of theirs: another phone in the frame. */
export function takeUp(id: number, who: { user?: string; device?: string }): void {
  const { users } = phones.get()
  const { user } = who
  if (user !== undefined && !users.includes(user)) phones.set({ users: [...users, user] })
  const turn = (phones.get().spots.find((spot) => spot.id === id)?.turn ?? 0) + 1
  changeSpot(id, { ...who, turn, isOffline: false, isInBackground: false })
}

export function addSecond(user: string, device: string): void {
  phones.set(({ spots }) => ({ spots: [...spots.filter(({ id }) => id !== 2), spotOf(2, user, device)] }))
}

export function removeSecond(): void {
  phones.set(({ spots }) => ({ spots: spots.filter(({ id }) => id !== 2) }))
}

/** The project's own example has these; stories know its buttons. */
function isExample(pages: readonly string[] = []): boolean {
  return ['pages/index/index', 'pages/logs/logs', 'pages/devices/devices'].every((page) =>
    pages.includes(page),
  )
}

/** Asks the emulator what runs in its phones. */
export async function lookForProgram(): Promise<void> {
  const response = await fetch('/_emulator/phone/program').catch(() => undefined)
  if (response === undefined || !response.ok) {
    phones.set({ hasProgram: false })
    return
  }
  const { name, appid, pages }: Program = await response.json()
  phones.set({ hasProgram: true, program: { name, appid, isExample: isExample(pages) } })
}

export function appidInUse(): string {
  return phones.get().program.appid || DEMO_APPID
}
