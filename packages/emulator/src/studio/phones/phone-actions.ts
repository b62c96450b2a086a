import { changeSpot, handleOf } from './phones.ts'

export function setBackground(id: number, isInBackground: boolean): void {
  const phone = handleOf(id)
  if (isInBackground) phone?.toBackground()
  else phone?.toForeground()
  changeSpot(id, { isInBackground })
}

export function setOffline(id: number, isOffline: boolean): void {
  handleOf(id)?.setOffline(isOffline)
  changeSpot(id, { isOffline })
}

export function setDark(id: number, isDark: boolean): void {
  handleOf(id)?.setDark(isDark)
  changeSpot(id, { isDark })
}

/** Thrown out of memory and opened again; `wipe`: on a new phone, with nothing stored. */
export function restart(id: number, options: { wipe?: boolean } = {}): void {
  handleOf(id)?.restart(options)
  changeSpot(id, { isInBackground: false })
}

/** `request`, `login` …: its next answer never arrives. */
export function loseNext(id: number, api: string): void {
  handleOf(id)?.loseNextAnswer(api)
}
