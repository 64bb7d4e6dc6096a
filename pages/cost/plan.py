from advisor.ui import project_plan

project_plan.draw()
