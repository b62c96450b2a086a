Component({
  behaviors: ['wx://form-field'],
  methods: {
    more() {
      this.setData({ value: (this.data.value || 0) + 1 })
    },
  },
})
