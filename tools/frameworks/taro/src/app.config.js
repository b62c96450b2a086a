export default defineAppConfig({
  pages: ['pages/index/index', 'pages/cart/index'],
  window: {
    navigationBarTitleText: 'Taro',
    navigationBarBackgroundColor: '#ffffff',
    navigationBarTextStyle: 'black',
  },
})
