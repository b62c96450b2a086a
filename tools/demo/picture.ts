import { styleText } from 'node:util'
import { DEMO_APP } from '@yaopai/wechat-emulator'
import type { Demo } from './start-demo.ts'

type Style = Extract<Parameters<typeof styleText>[0], string>

/** What runs where, and the walk of a login in three lines to copy. */
export function picture(
  demo: Demo,
  { isColoured, isWindows }: { isColoured: boolean; isWindows: boolean },
): string {
  const paint = (style: Style | Style[], text: string) => (isColoured ? styleText(style, text) : text)
  const row = (url: string, name: string, what: string) =>
    `  ${paint('cyan', url.padEnd(23))}${name.padEnd(12)}${paint('dim', what)}`
  const { publicUrl, internalUrl, shopUrl } = demo
  const emulatorUrl = demo.emulator.url
  return `
${paint('bold', 'Yaopai 腰牌')} is ready. Open this in your browser:

  ${paint(['bold', 'cyan', 'underline'], `${emulatorUrl}/`)}

  ${paint('dim', 'A phone with the example mini program, and what it says to whom. Behind it run:')}

${row(publicUrl, 'server', 'what mini programs call: POST /login, GET /session, /me …')}
${row(internalUrl, 'internal', 'what back ends call: /verify, /introspect, /forward-auth, /metrics')}
${row(emulatorUrl, 'emulator', `WeChat on this machine: app ${DEMO_APP.appid}, users alice and bob`)}
${row(shopUrl, 'back end', 'a demo shop that knows who calls: GET /whoami')}

  ${paint('dim', 'A code, as wx.login gives it:')}
  ${json(`${emulatorUrl}/_emulator/wx/login`, { appid: DEMO_APP.appid, user: 'alice' }, isWindows)}
  ${paint('dim', 'The code for a token (put it in):')}
  ${json(`${publicUrl}/login`, { code: 'CODE' }, isWindows)}
  ${paint('dim', 'Who calls?')}
  curl ${shopUrl}/whoami -H "Authorization: Bearer TOKEN"

  ${paint('dim', `Users and keys are kept in .yaopai/; back ends use the key in .yaopai/api.keys. Ctrl-C stops all of it.`)}
`
}

/** Windows' shell knows double quotes alone. */
function json(url: string, body: object, isWindows: boolean): string {
  const text = JSON.stringify(body)
  const quoted = isWindows ? `"${text.replaceAll('"', '\\"')}"` : `'${text}'`
  return `curl ${url} -H "Content-Type: application/json" -d ${quoted}`
}
