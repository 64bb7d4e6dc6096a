from advisor.ui import questionnaire

questionnaire.draw()
