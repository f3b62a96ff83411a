// The build with 512-bit registers uses this file through a symbolic link.

internal import CLanes

#if !NARROW_PRODUCTS
    import Products
#endif

extension FloatBuild {
    @export(interface)
    @inline(never)
    package static func adam(_ operands: AdamOperands, _ factors: AdamFactors) {
        let (p, g) = (operands.parameters, operands.gradients)
        let (m, v) = (operands.firstMoments, operands.secondMoments)
        let wholes = operands.count / 16 * 16
        for index in stride(from: 0, to: wholes, by: 16) {
            var state = AdamState(
                parameters: lanes(p + index), first: lanes(m + index), second: lanes(v + index))
            state.update(factors, gradients: lanes(g + index))
            store(state.parameters, floats: p + index)
            store(state.first, floats: m + index)
            store(state.second, floats: v + index)
        }
        guard wholes < operands.count else { return }
        var gradients = Lanes.zero
        var state = AdamState(parameters: .zero, first: .zero, second: .zero)
        for index in wholes..<operands.count {
            let lane = index - wholes
            gradients[lane] = g[index]
            (state.parameters[lane], state.first[lane], state.second[lane]) = (p[index], m[index], v[index])
        }
        state.update(factors, gradients: gradients)
        for index in wholes..<operands.count {
            let lane = index - wholes
            (p[index], m[index], v[index]) = (state.parameters[lane], state.first[lane], state.second[lane])
        }
    }
}

/// A panel's row of parameters with their moments.
private struct AdamState {
    var parameters: Lanes
    var first: Lanes
    var second: Lanes

    @inline(__always)
    mutating func update(_ factors: AdamFactors, gradients: Lanes) {
        let gradients = gradients * factors.gradient
        first.addProduct(Lanes(repeating: factors.firstShare), gradients - first)
        second = (second * factors.secondKeep).addingProduct(gradients * factors.secondShare, gradients)
        let norms = lanes_square_roots(second) * factors.rootCorrection + factors.epsilon
        parameters = (parameters * factors.keep)
            .addingProduct(Lanes(repeating: -factors.stepSize), first / norms)
    }
}
