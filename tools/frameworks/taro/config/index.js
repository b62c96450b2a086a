const { env } = require('node:process')

module.exports = {
  projectName: 'yaopai-taro',
  date: '2026-1-1',
  designWidth: 750,
  deviceRatio: { 750: 1 },
  sourceRoot: 'src',
  outputRoot: env.TARO_OUTPUT,
  framework: 'react',
  compiler: { type: 'webpack5', prebundle: { enable: false } },
  cache: { enable: false },
  plugins: [],
  defineConstants: {
    SHOP_URL: JSON.stringify(env.SHOP_URL),
    YAOPAI_URL: JSON.stringify(env.YAOPAI_URL),
  },
  mini: { postcss: { cssModules: { enable: true, config: { namingPattern: 'module' } } } },
}
