print("promptir-restored")
