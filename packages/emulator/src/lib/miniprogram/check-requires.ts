import { isRelative } from './paths.ts'
import { type Problems, placeOf, type Words, words } from './problems.ts'
import { type Requirable, resolveScript } from './resolve.ts'

/** Comments, strings and what is required, in the order in which one of them begins. */
const PIECES =
  /\/\/.*|\/\*[\s\S]*?\*\/|(?<![\w$.])require\(\s*(["'])([^"'\\\n]+)\1\s*\)|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`/g

interface Required {
  request: string
  offset: number
}

/** What a script requires by a fixed name. It may miss some; the phone finds those when it runs. */
export function requiresOf(code: string): Required[] {
  return [...code.matchAll(PIECES)].flatMap((match) => {
    const request = match[2]
    return request === undefined ? [] : [{ request, offset: match.index }]
  })
}

/** `@scope/name` or `name` of `@scope/name/lib/x`. */
function packageOf(request: string): string {
  return request
    .split('/')
    .slice(0, request.startsWith('@') ? 2 : 1)
    .join('/')
}

/** Whether a package.json of the folder asks for the package. */
function isAskedFor(request: string, texts: ReadonlyMap<string, string>): boolean {
  const name = JSON.stringify(packageOf(request))
  return [...texts].some(
    ([file, text]) =>
      /(?:^|\/)package\.json$/.test(file) && !file.includes('miniprogram_npm') && text.includes(name),
  )
}

function explain(request: string, texts: ReadonlyMap<string, string>): Words {
  if (isRelative(request)) return words(`require: ${request} is not there`, `require：找不到 ${request}`)
  if (isAskedFor(request, texts)) {
    return words(
      `require: the package ${packageOf(request)} is in package.json, but not in miniprogram_npm; run npm install, then build npm (DevTools: 工具 → 构建 npm)`,
      `require：package.json 里有 ${packageOf(request)}，但 miniprogram_npm 里没有；请先 npm install，再在开发者工具里点“工具 → 构建 npm”`,
    )
  }
  return words(
    `require: ${request} is not there; a file of the mini program is named with ./ or /, a package has to be in package.json and built (工具 → 构建 npm)`,
    `require：找不到 ${request}；小程序内的文件请以 ./ 或 / 开头，npm 包需要写进 package.json 并构建 npm（工具 → 构建 npm）`,
  )
}

/** Tells what a script requires and is not there. Packages that were built are left alone: they try and catch. */
export function checkRequires(
  file: string,
  source: string,
  code: string,
  requirable: Requirable,
  texts: ReadonlyMap<string, string>,
  problems: Problems,
): void {
  if (/(?:^|\/)miniprogram_npm\//.test(file)) return
  for (const { request, offset } of requiresOf(code)) {
    if (resolveScript(file, request, requirable) !== null) continue
    problems.error(source, explain(request, texts), placeOf(code, offset))
  }
}
