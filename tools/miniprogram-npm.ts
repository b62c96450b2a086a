// npm run miniprogram: the client from its source into the example mini program, where 构建 npm of WeChat DevTools would
// put the published one.
import { relative } from 'node:path'
import { bundleForWeChat, clientInExample } from './package/build-miniprogram.ts'
import { miniprogramPackage } from './package/build-package.ts'
import { root } from './setup.mjs'

bundleForWeChat(miniprogramPackage, clientInExample)
console.log(`Built ${relative(root, clientInExample)}. Open examples/miniprogram in WeChat DevTools.`)
