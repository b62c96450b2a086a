Component({
  properties: { of: String, title: String, heard: null },
  data: { lines: [] },
  observers: {
    heard(heard) {
      this.setData({ lines: (heard || []).map(({ type, detail }) => `${type} ${JSON.stringify(detail)}`) })
    },
  },
})
