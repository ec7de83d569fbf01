class Oxhost < Formula
  desc "Command-line tool for the hosting provider 0xHost"
  homepage "@URL@"
  version "@VERSION@"
  license "MIT"

  on_macos do
    on_arm do
      url "@URL@/releases/download/v@VERSION@/oxhost-darwin-arm64"
      sha256 "@DARWIN_ARM64@"
    end
    on_intel do
      url "@URL@/releases/download/v@VERSION@/oxhost-darwin-x64"
      sha256 "@DARWIN_X64@"
    end
  end

  on_linux do
    on_arm do
      url "@URL@/releases/download/v@VERSION@/oxhost-linux-arm64"
      sha256 "@LINUX_ARM64@"
    end
    on_intel do
      url "@URL@/releases/download/v@VERSION@/oxhost-linux-x64"
      sha256 "@LINUX_X64@"
    end
  end

  def install
    bin.install Dir["oxhost-*"].first => "oxhost"
    generate_completions_from_executable(bin/"oxhost", "completion", shells: [:bash, :zsh, :fish])
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/oxhost --version")
  end
end
