from advisor.ui import training

training.draw()
