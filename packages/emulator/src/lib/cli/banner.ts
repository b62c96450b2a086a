import type { Emulator } from '../start-emulator.ts'
import { DEMO_APP } from '../state/demo.ts'

function loginCommand(url: string, appid: string): string {
  const body = JSON.stringify({ appid, user: 'alice' })
  return `curl -s ${url}/_emulator/wx/login -H 'content-type: application/json' -d '${body}'`
}

function appLine(appid: string): string {
  // The demo secret opens nothing anywhere; a team's own is never printed.
  return appid === DEMO_APP.appid ? `  app       ${appid}  secret ${DEMO_APP.secret}` : `  app       ${appid}`
}

/** What a person needs to see after the start. */
export function banner(emulator: Emulator, miniprogram?: string): string {
  const appids = Object.keys(emulator.exportState().apps ?? {})
  const first = appids[0] ?? 'wx…'
  return [
    `WeChat emulator at ${emulator.url}`,
    `  exchange  ${emulator.url}/sns/jscode2session  (give your server ${emulator.url} as WeChat's API base)`,
    `  control   ${emulator.url}/_emulator`,
    ...(miniprogram === undefined
      ? []
      : [`  phone     ${emulator.url}/  (runs ${miniprogram}; open it in a browser)`]),
    ...appids.map(appLine),
    'A login code for alice:',
    `  ${loginCommand(emulator.url, first)}`,
    'Ctrl-C stops it.',
  ].join('\n')
}

/** How real traffic gets into the conversation, where there is a back end for it. */
export function trafficHint(emulator: Emulator, backends: readonly string[] | undefined): string {
  if (backends === undefined) return ''
  return [
    `The conversation: ${emulator.url}/ in a browser, or ${emulator.url}/_emulator/conversation.txt`,
    `  Let a mini program (in WeChat DevTools, in a test) call ${emulator.url}/_emulator/tap/backend to see it there.`,
    '',
  ].join('\n')
}

/** The same for programs: one line of JSON. */
export function bannerJson(emulator: Emulator): string {
  const apps = Object.keys(emulator.exportState().apps ?? {})
  return JSON.stringify({ url: emulator.url, control: `${emulator.url}/_emulator`, apps })
}
