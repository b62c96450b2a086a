// npm run test:frameworks: the phone in the browser runs what WeChat's own builder, Taro and uni-app make. On demand,
// since they bring two thousand packages into folders of their own.
import { join } from 'node:path'
import { launch } from './launch.mjs'
import { root, setup } from './setup.mjs'

setup()
for (const folder of ['devtools', 'frameworks/taro', 'frameworks/uni-app']) setup(join(root, 'tools', folder))
launch('tools/frameworks/all.test.ts')
