print("promptir")
