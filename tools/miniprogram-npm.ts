// npm run miniprogram: the client from its source into the example mini program, where 构建 npm of WeChat DevTools would
// put the published one.
import { join, relative } from 'node:path'
import { bundleForWeChat } from './package/build-miniprogram.ts'
import { miniprogramPackage } from './package/build-package.ts'
import { root } from './setup.mjs'

const miniprogramRoot = join(root, 'examples', 'miniprogram', 'miniprogram')
const outfile = join(miniprogramRoot, 'miniprogram_npm', '@yaopai', 'miniprogram', 'index.js')

bundleForWeChat(miniprogramPackage, outfile)
console.log(`Built ${relative(root, outfile)}. Open examples/miniprogram in WeChat DevTools.`)
