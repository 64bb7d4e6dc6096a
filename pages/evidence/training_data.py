from advisor.ui import training_data

training_data.draw()
