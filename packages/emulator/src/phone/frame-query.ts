/** What the address of a frame says: whose phone it is and how it starts. */
export interface FrameQuery {
  /** `phone:1` */
  id: string
  user: string
  device: string
  isDark: boolean
  language: 'zh' | 'en'
  /** Page to start with, `pages/logs/logs?day=1`; empty: the first of app.json. */
  path: string
  /** How the mini program was opened, WeChat's 场景值. */
  scene: number
}

function languageOf(asked: string | null): 'zh' | 'en' {
  return (asked ?? navigator.language).toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

function darkOf(asked: string | null): boolean {
  if (asked !== null) return asked === '1' || asked === 'true'
  return matchMedia('(prefers-color-scheme: dark)').matches
}

/** `/_emulator/phone/frame?user=alice&device=phone&id=1[&dark=1][&lang=en][&path=pages/logs/logs][&scene=1011]` */
export function readFrameQuery(search: string): FrameQuery {
  const query = new URLSearchParams(search)
  return {
    id: `phone:${query.get('id') ?? '1'}`,
    user: query.get('user') ?? 'alice',
    device: query.get('device') ?? 'phone',
    isDark: darkOf(query.get('dark')),
    language: languageOf(query.get('lang')),
    path: query.get('path') ?? '',
    scene: Number(query.get('scene') ?? 1001),
  }
}
