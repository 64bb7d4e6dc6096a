from advisor.ui import serving

serving.draw()
